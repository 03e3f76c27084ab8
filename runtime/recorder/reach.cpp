// Counting. See reach.h. The key of the table is packed as trace/tables.cpp does; the first call of a path goes through
// it.
#include "recorder/reach.h"
#include "recorder/code.h"
#include "trace/system.h"
#include "trace/tables.h"

namespace tenterhook::recorder {
namespace {

using namespace trace::detail;
constexpr auto relaxed = std::memory_order_relaxed;
constexpr std::uint16_t written_at_once = 64, batch = 64;

ReachCounts *find_counts(const Path &path, std::uint32_t function) {
  std::uint64_t key = path.site << 16 | std::uint64_t(function) << 1;
  if (path.site == 0 || path.site >> 48 || function >= Tables::max_functions)
    return nullptr;
  bool fresh;
  auto *slot = tables.reach.claim(key, mix(key), fresh);
  return slot ? &slot->value : nullptr;
}

} // namespace

// The thread and the drain may do so at once: the differences add up, though one of them may be negative.
void flush_reach(Path &path) noexcept {
  auto *counts = static_cast<ReachCounts *>(path.counts);
  if (!counts)
    return;
  auto move = [](std::atomic<std::uint16_t> &from, std::atomic<std::uint16_t> &mark, std::atomic<std::uint64_t> &to) {
    std::uint16_t counted = from.load(relaxed);
    if (counted == mark.load(relaxed))
      return;
    auto difference = std::int16_t(counted - mark.exchange(counted, relaxed));
    to.fetch_add(std::uint64_t(std::int64_t(difference)), relaxed);
  };
  move(path.counted, path.in_table, path.inside ? counts->inside : counts->outside);
  move(path.counted_nonblocking, path.in_table_nonblocking, counts->nonblocking);
}

void count_reach(Path &path, std::uint32_t function, bool nonblocking, std::uint64_t duration) noexcept {
  if (!path.counts || path.function != function) [[unlikely]] {
    flush_reach(path);
    trace::reach({path.site, false, function, path.inside, nonblocking, duration});
    path.counts = find_counts(path, function);
    path.function = function;
    path.calls = 1;
    path.longest = nonblocking ? 0 : duration;
    return;
  }
  auto add_one = [](std::atomic<std::uint16_t> &count) {
    count.store(std::uint16_t(count.load(relaxed) + 1), relaxed); // nobody else writes it
  };
  add_one(path.counted);
  if (nonblocking)
    add_one(path.counted_nonblocking);
  if (!nonblocking && duration > path.longest) {
    path.longest = duration;
    auto &longest = static_cast<ReachCounts *>(path.counts)->longest;
    std::uint64_t seen = longest.load(relaxed);
    while (seen < duration && !longest.compare_exchange_weak(seen, duration, relaxed)) {
    }
  }
  if (path.calls < written_at_once) {
    ++path.calls;
    flush_reach(path);
  } else if (path.counted.load(relaxed) % batch == 0) {
    flush_reach(path);
  }
}

void flush_reach_of_all_threads() noexcept {
  for (Thread *thread = all_threads.load(std::memory_order_acquire); thread; thread = thread->next) {
    if (thread->system_id.load(relaxed) == 0)
      continue;
    for (Path &path : thread->paths)
      flush_reach(path);
  }
}

bool counted_where_names_are_known() noexcept {
  for (std::uint32_t i = 0, n = tables.reach.used.load(std::memory_order_acquire); i < n; ++i) {
    auto *slot = tables.reach.in_order(i);
    if (slot && has_symbols_at(slot->key.load(relaxed) >> 16))
      return true;
  }
  return false;
}

} // namespace tenterhook::recorder
