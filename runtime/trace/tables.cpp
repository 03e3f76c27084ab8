// Tables: entering is lock-free; the drain alone reads `written` and `seen`.
#include "trace/tables.h"
#include "trace/system.h"

#include <initializer_list>
#include <new>
#include <sys/mman.h>

namespace tenterhook::trace::detail {

constinit ZeroedTables zeroed_tables;
TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<bool> Tables::any_reached{false};

namespace {

std::uint64_t hash_bytes(const char *text, std::size_t size) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (std::size_t i = 0; i < size; ++i)
    hash = (hash ^ static_cast<unsigned char>(text[i])) * 0x100000001b3u;
  return mix(hash) | 1;
}

// Room for `count` items in an arena; false if there is none.
bool reserve(std::atomic<std::uint32_t> &used, std::uint32_t capacity, std::uint32_t count, std::uint32_t &begin) noexcept {
  begin = used.load(std::memory_order_relaxed);
  do
    if (count > capacity - begin)
      return false;
  while (!used.compare_exchange_weak(begin, begin + count, std::memory_order_relaxed));
  return true;
}

void raise_to(std::atomic<std::uint64_t> &maximum, std::uint64_t value) noexcept {
  std::uint64_t now = maximum.load(std::memory_order_relaxed);
  while (now < value && !maximum.compare_exchange_weak(now, value, std::memory_order_relaxed))
    ;
}

} // namespace

std::uint32_t Tables::add_string(const char *given) noexcept {
  std::uint32_t size = 0;
  while (size < 4096 && given[size])
    ++size;
  std::uint64_t key = hash_bytes(given, size);
  bool fresh;
  auto *slot = strings.claim(key, key, fresh);
  if (!slot)
    return 0;
  if (fresh) {
    if (!reserve(text_used, text_bytes, size, slot->value.begin)) {
      strings.lost.fetch_add(1, std::memory_order_relaxed);
      return strings.id_of(slot);
    }
    std::memcpy(text + slot->value.begin, given, size);
    slot->value.size = size;
    slot->value.ready.store(true, std::memory_order_release);
  }
  return strings.id_of(slot);
}

std::uint32_t Tables::add_stack(const std::uint64_t *given, std::uint32_t count) noexcept {
  if (count == 0)
    return 0;
  count = count < max_frames ? count : max_frames;
  std::uint64_t key = 0;
  for (std::uint32_t i = 0; i < count; ++i)
    key = mix(key ^ given[i]) + i;
  key = mix(key) | 1;
  bool fresh;
  auto *slot = stacks.claim(key, key, fresh);
  if (!slot)
    return 0;
  if (fresh) {
    if (!reserve(frames_used, frame_words, count, slot->value.begin)) {
      stacks.lost.fetch_add(1, std::memory_order_relaxed);
      return stacks.id_of(slot);
    }
    std::memcpy(frames + slot->value.begin, given, count * sizeof(std::uint64_t));
    slot->value.size = count;
    slot->value.ready.store(true, std::memory_order_release);
  }
  return stacks.id_of(slot);
}

// A site takes the upper 48 bits of a key, the function 15, whether it is a key one.
void Tables::add_reach(const Reach &at, std::uint64_t threshold) noexcept {
  std::uint64_t key = at.site << 16 | std::uint64_t(at.function) << 1 | std::uint64_t(at.site_is_key);
  if (at.site >> 48 || at.function >= max_functions || key == 0) {
    reach.lost.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  bool fresh;
  auto *slot = reach.claim(key, mix(key), fresh);
  if (!slot)
    return;
  if (fresh)
    any_reached.store(true, std::memory_order_relaxed);
  ReachCounts &to = slot->value;
  (at.inside ? to.inside : to.outside).fetch_add(1, std::memory_order_relaxed);
  if (at.nonblocking) { // what it took, others took from it
    to.nonblocking.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  if (at.duration >= threshold) {
    to.slow.fetch_add(1, std::memory_order_relaxed);
    if (at.inside)
      to.slow_inside.fetch_add(1, std::memory_order_relaxed);
  }
  raise_to(to.longest, at.duration);
}

ReachTotal Tables::unpack(std::uint64_t key, const ReachCounts &counts) noexcept {
  auto get = [](const std::atomic<std::uint64_t> &count) { return count.load(std::memory_order_relaxed); };
  return {key >> 16,
          std::uint32_t(key >> 1) & (max_functions - 1),
          std::uint32_t(key & 1),
          get(counts.outside),
          get(counts.inside),
          get(counts.nonblocking),
          get(counts.slow),
          get(counts.slow_inside),
          get(counts.longest)};
}

void Tables::add_edge(const LockEdge &edge, std::uint32_t thread) noexcept {
  std::uint64_t key = mix(edge.first);
  for (std::uint64_t part : {edge.second, edge.first_site, edge.second_site})
    key = mix(key ^ part) + 0x9e3779b97f4a7c15u;
  key |= 1;
  bool fresh;
  auto *slot = edges.claim(key, key, fresh);
  if (!slot)
    return;
  EdgeCounts &to = slot->value;
  if (fresh) {
    to.first = edge;
    to.ready.store(true, std::memory_order_release);
  }
  std::uint32_t other = 0;
  if (!to.thread.compare_exchange_strong(other, thread, std::memory_order_relaxed) && other != thread)
    to.flags.fetch_or(4, std::memory_order_relaxed);
  to.flags.fetch_or(edge.flags & 3u, std::memory_order_relaxed);
  // The gate is kept with its bits turned over, so that zeroed memory is "not seen yet".
  std::uint64_t gate = ~((edge.flags & 8u) ? edge.gate : 0), seen = 0;
  if (edge.flags & 8u)
    to.flags.fetch_or(8, std::memory_order_relaxed);
  if (!to.gate.compare_exchange_strong(seen, gate, std::memory_order_relaxed) && seen != gate)
    to.gate.store(~std::uint64_t(0), std::memory_order_relaxed);
  to.count.fetch_add(1, std::memory_order_relaxed);
}

void Tables::zero_totals() noexcept {
  for (std::uint32_t i = 0, n = reach.used.load(); i < n; ++i) {
    if (auto *slot = reach.in_order(i)) {
      slot->key.store(0, std::memory_order_relaxed);
      new (&slot->value) ReachCounts{};
    }
    reach.order[i].store(0, std::memory_order_relaxed);
  }
  for (std::uint32_t i = 0, n = edges.used.load(); i < n; ++i) {
    if (auto *slot = edges.in_order(i)) {
      slot->key.store(0, std::memory_order_relaxed);
      new (&slot->value) EdgeCounts{};
    }
    edges.order[i].store(0, std::memory_order_relaxed);
  }
  reach.used = edges.used = 0;
  reach.lost = edges.lost = 0;
}

bool Tables::zero_totals_in_child() noexcept {
  auto begin = reinterpret_cast<std::uintptr_t>(&reach), end = reinterpret_cast<std::uintptr_t>(&text_used);
  return system_call(SYS_madvise, long(begin), long(end - begin), MADV_WIPEONFORK) == 0;
}

void Tables::nothing_written() noexcept {
  for (std::uint32_t i = 0, n = strings.used.load(); i < n; ++i)
    if (auto *slot = strings.in_order(i))
      slot->value.written = false;
  for (std::uint32_t i = 0, n = stacks.used.load(); i < n; ++i)
    if (auto *slot = stacks.in_order(i))
      slot->value.written = false;
  for (std::uint32_t i = 0, n = reach.used.load(); i < n; ++i)
    if (auto *slot = reach.in_order(i))
      slot->value.seen = 0;
  for (std::uint32_t i = 0, n = edges.used.load(); i < n; ++i)
    if (auto *slot = edges.in_order(i))
      slot->value.seen = 0;
}

} // namespace tenterhook::trace::detail
