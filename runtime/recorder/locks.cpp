// Held locks. See locks.h. An entry is in the table from after the acquisition until before the release, so at any
// moment no two threads have an entry of the same exclusive lock, whatever order the threads run in.
#include "recorder/locks.h"
#include "recorder/hook.h"
#include "recorder/reach.h"
#include "recorder/stack.h"

namespace tenterhook::recorder {
namespace {

std::uint64_t number(const void *pointer) { return reinterpret_cast<std::uint64_t>(pointer); }
constexpr auto relaxed = std::memory_order_relaxed;

Held *find(Thread &thread, std::uint64_t lock) {
  for (unsigned i = thread.held_count.load(relaxed); i-- > 0;) {
    if (thread.held[i].lock.load(relaxed) == lock)
      return &thread.held[i];
  }
  return nullptr;
}

void drop_unused(Thread &thread) {
  unsigned count = thread.held_count.load(relaxed);
  while (count > 0 && thread.held[count - 1].lock.load(relaxed) == 0)
    --count;
  thread.held_count.store(count, std::memory_order_release);
}

// Each lock that is held already comes before the new one; one that was taken before both is a gate.
void add_edges(Thread &thread, unsigned count, std::uint64_t second, const Path &place) {
  std::uint64_t gate = 0;
  for (unsigned i = 0; i < count; ++i) {
    const Held &first = thread.held[i];
    std::uint64_t lock = first.lock.load(relaxed);
    if (lock == 0 || lock == second)
      continue;
    trace::LockEdge edge{};
    edge.first = lock;
    edge.second = second;
    edge.first_site = first.site;
    edge.second_site = place.site;
    edge.first_stack = first.stack;
    edge.second_stack = place.stack;
    edge.gate = gate;
    edge.flags = gate ? 8 : 0;
    trace::lock_edge(edge);
    if (!gate)
      gate = lock;
  }
}

void write_foreign_unlock(Thread &thread, Thread &owner, const Held &entry, std::uint64_t lock) {
  Stack stack = walk(thread);
  trace::HeldDetail detail{};
  detail.acquired = entry.ticks;
  detail.acquired_site = entry.site;
  detail.acquired_stack = entry.stack;
  detail.stack = keep_stack(thread, stack);
  detail.owner = owner.trace_index.load(relaxed);
  if (entry.inside)
    detail.flags |= trace::acquired_in_coroutine;
  if (entry.coroutine && is_on_stack(thread, stack, entry.coroutine))
    detail.flags |= trace::coroutine_on_stack;
  trace::emit_at(trace::Kind::foreign_unlock, lock, stack.place.site, 0, detail);
}

} // namespace

unsigned count_held(const Thread &thread) noexcept {
  unsigned held = 0;
  for (unsigned i = 0, n = thread.held_count.load(relaxed); i < n; ++i)
    held += thread.held[i].lock.load(relaxed) != 0;
  return held;
}

void acquired(Thread &thread, const Caller &here, const Acquisition &what, std::uint32_t function, bool is_new) noexcept {
  Busy busy(thread);
  std::uint64_t lock = number(what.lock);
  Path &place = locate(thread, here, true);
  if (is_new)
    count_reach(place, function, what.attempt, 0);
  if (settings.every_event)
    trace::emit_at(trace::Kind::lock, lock, place.site, what.shared);
  unsigned count = thread.held_count.load(relaxed);
  if (count) {
    if (Held *again = find(thread, lock)) {
      ++again->times;
      return;
    }
    if (!what.attempt)
      add_edges(thread, count, lock, place);
  }
  if (count == Thread::max_held)
    return; // then its release is not seen either
  if (thread.trace_index.load(relaxed) == 0)
    thread.trace_index.store(trace::thread_index(), relaxed);
  Held &entry = thread.held[count];
  entry.ticks = thread.loop ? thread.clock : trace::now(); // a loop's thread has read the clock in this turn
  entry.site = place.site;
  entry.stack = place.stack;
  entry.coroutine = place.coroutine;
  entry.times = 1;
  entry.shared = what.shared;
  entry.inside = place.inside;
  entry.reported = false;
  entry.lock.store(lock, std::memory_order_release);
  thread.held_count.store(count + 1, std::memory_order_release);
}

void released(Thread &thread, const Caller &here, const void *pointer) noexcept {
  std::uint64_t lock = number(pointer);
  if (settings.every_event) {
    Busy busy(thread);
    Path &place = locate(thread, here);
    trace::emit_at(trace::Kind::unlock, lock, place.site);
  }
  if (Held *entry = find(thread, lock)) {
    if (--entry->times)
      return;
    entry->lock.store(0, relaxed);
    drop_unused(thread);
    return;
  }
  Busy busy(thread);
  for (Thread *other = all_threads.load(std::memory_order_acquire); other; other = other->next) {
    if (other == &thread || other->system_id.load(relaxed) == 0)
      continue;
    for (unsigned i = 0, n = other->held_count.load(std::memory_order_acquire); i < n; ++i) {
      Held &entry = other->held[i];
      std::uint64_t expected = lock;
      if (entry.lock.load(std::memory_order_acquire) == lock && entry.lock.compare_exchange_strong(expected, 0)) {
        write_foreign_unlock(thread, *other, entry, lock);
        return;
      }
    }
  }
}

void check_held_at_wait(Thread &thread, const void *released_meanwhile) noexcept {
  bool any = false;
  for (unsigned i = 0, n = thread.held_count.load(relaxed); i < n; ++i) {
    const Held &entry = thread.held[i];
    std::uint64_t lock = entry.lock.load(relaxed);
    any = any || (lock && lock != number(released_meanwhile) && entry.inside && !entry.reported);
  }
  if (!any)
    return;
  Busy busy(thread);
  Stack stack = walk(thread);
  std::uint32_t id = 0;
  for (unsigned i = 0, n = thread.held_count.load(relaxed); i < n; ++i) {
    Held &entry = thread.held[i];
    std::uint64_t lock = entry.lock.load(relaxed);
    if (lock == 0 || lock == number(released_meanwhile) || !entry.inside || entry.reported)
      continue;
    if (is_on_stack(thread, stack, entry.coroutine))
      continue; // it waits itself, under the lock
    entry.reported = true;
    if (!id)
      id = keep_stack(thread, stack);
    trace::HeldDetail detail{};
    detail.acquired = entry.ticks;
    detail.acquired_site = entry.site;
    detail.acquired_stack = entry.stack;
    detail.stack = id;
    detail.owner = trace::thread_index();
    detail.flags = trace::acquired_in_coroutine;
    trace::emit_at(trace::Kind::held_at_wait, lock, entry.site, 0, detail);
  }
}

Suspended::Suspended(Thread &thread, const Caller &here, const void *lock) noexcept : thread_(thread), lock_(number(lock)) {
  entry_ = find(thread, lock_);
  if (entry_ && entry_->times > 1) {
    entry_ = nullptr;
    return;
  }
  if (settings.every_event) {
    Busy busy(thread);
    site_ = locate(thread, here).site;
    trace::emit_at(trace::Kind::unlock, lock_, site_);
    told_ = true;
  }
  if (entry_)
    entry_->lock.store(0, relaxed);
}

Suspended::~Suspended() {
  if (told_) {
    Busy busy(thread_);
    trace::emit_at(trace::Kind::lock, lock_, site_, 0);
  }
  if (!entry_)
    return;
  entry_->ticks = trace::now();
  entry_->reported = false;
  entry_->lock.store(lock_, std::memory_order_release);
}

} // namespace tenterhook::recorder
