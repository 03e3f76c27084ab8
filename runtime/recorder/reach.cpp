// Counting. See reach.h. The key of the table is packed as trace/tables.cpp does; the first call of a path goes through
// it.
#include "recorder/reach.h"
#include "trace/system.h"
#include "trace/tables.h"

namespace tenterhook::recorder {
namespace {

using namespace trace::detail;
constexpr auto relaxed = std::memory_order_relaxed;
constexpr std::uint16_t written_at_once = 64, batch = 64;

ReachCounts *find_counts(const Path &path, std::uint32_t function) {
  std::uint64_t key = path.site << 16 | std::uint64_t(function) << 1;
  if (path.site == 0 || path.site >> 48 || function >= Tables::max_functions) return nullptr;
  bool fresh;
  auto *slot = tables.reach.claim(key, mix(key), fresh);
  return slot ? &slot->value : nullptr;
}

} // namespace

void flush_reach(Path &path) noexcept {
  auto *counts = static_cast<ReachCounts *>(path.counts);
  if (!counts) return;
  std::uint16_t calls = path.pending.exchange(0, relaxed), nonblocking = path.pending_nonblocking.exchange(0, relaxed);
  if (calls) (path.inside ? counts->inside : counts->outside).fetch_add(calls, relaxed);
  if (nonblocking) counts->nonblocking.fetch_add(nonblocking, relaxed);
}

void count_reach(Path &path, std::uint32_t function, bool nonblocking, std::uint64_t duration) noexcept {
  if (!path.counts || path.function != function) [[unlikely]] {
    flush_reach(path);
    trace::reach({path.site, false, function, path.inside, nonblocking, duration});
    path.counts = find_counts(path, function);
    path.function = function;
    path.calls = 1;
    path.longest = duration;
    return;
  }
  auto pending = std::uint16_t(path.pending.load(relaxed) + 1);
  path.pending.store(pending, relaxed);
  if (nonblocking) path.pending_nonblocking.store(std::uint16_t(path.pending_nonblocking.load(relaxed) + 1), relaxed);
  if (duration > path.longest) {
    path.longest = duration;
    auto &longest = static_cast<ReachCounts *>(path.counts)->longest;
    std::uint64_t seen = longest.load(relaxed);
    while (seen < duration && !longest.compare_exchange_weak(seen, duration, relaxed)) {
    }
  }
  if (path.calls < written_at_once) {
    ++path.calls;
    flush_reach(path);
  } else if (pending >= batch) {
    flush_reach(path);
  }
}

void flush_reach_of_all_threads() noexcept {
  for (Thread *thread = all_threads.load(std::memory_order_acquire); thread; thread = thread->next) {
    if (thread->system_id.load(relaxed) == 0) continue;
    for (Path &path : thread->paths) flush_reach(path);
  }
}

} // namespace tenterhook::recorder
