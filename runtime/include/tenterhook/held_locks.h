// Which traced locks (mutex.h, shared_mutex.h) the calling thread holds, so that the trace can tell of locks that are
// held across a suspension and of the order in which locks are taken.
//
// The list is kept only while tracing is on: an untraced lock costs one load more than std::mutex. Each thread has its
// own list; another thread touches it only to strike out a lock that it unlocked in the owner's place.
//
// Who calls what: an event loop calls note_suspend() when a task suspends on its thread, and note_loop_wait() before it
// waits for events. Both return at once if the thread holds nothing. Neither allocates, blocks or throws.
#ifndef TENTERHOOK_HELD_LOCKS_H
#define TENTERHOOK_HELD_LOCKS_H

#include "trace/trace.h"

#include <atomic>
#include <cstdint>
#include <source_location>

namespace tenterhook {

namespace detail {

// The locks of one thread in the order of their taking. Lists are made when a thread takes its first traced lock and
// are never freed (a thread that ends hands its list to the next one), so a pointer to one stays valid.
class held_list {
public:
  static constexpr unsigned capacity = 32; // what is beyond is not listed: no wrong event, only missing ones
  struct entry {
    std::atomic<const void *> lock{nullptr}; // null: given back, out of order or by another thread
    std::atomic<std::uint64_t> acquired{0};  // ticks
    std::atomic<std::uint64_t> site{0};      // key of a place
    std::atomic<bool> shared{false}, in_coroutine{false};
  };

  // By the owner.
  unsigned count() const noexcept { return taken_.load(std::memory_order_relaxed) - struck_.load(std::memory_order_relaxed); }

private:
  friend struct lock_tracer;
  entry entries_[capacity];
  unsigned used_ = 0;                    // entries from here on are free; the owner's alone
  std::atomic<unsigned> taken_{0};       // listed, less those that the owner struck out itself; written by the owner
  std::atomic<unsigned> struck_{0};      // struck out by others
  std::atomic<std::uint32_t> thread_{0}; // index of the owner in the trace
  held_list *next_free_ = nullptr;
};

extern constinit thread_local held_list *held __attribute__((tls_model("initial-exec")));

// What a traced lock calls. `lock` is the address of the lock, under which all its events are.
struct lock_tracer {
  // Before a wait for `lock`: lock_edge totals from each lock that is held. Not for try_lock: that cannot deadlock.
  static void about_to_lock(const void *lock, const std::source_location &site) noexcept;
  // It is taken. `waited`: ticks, 0 if it was free. Returns the list that holds it.
  static held_list *locked(const void *lock, const std::source_location &site, bool shared, std::uint64_t waited) noexcept;
  // It is about to be unlocked by this thread. `owner`: the list that locked() gave, or null for a shared lock.
  static void unlocking(const void *lock, const std::source_location &site, held_list *owner) noexcept;

  static void emit_held_at_suspend(const std::source_location &await, trace::Wait why) noexcept;
  static void emit_held_at_wait() noexcept;

private:
  static held_list *mine() noexcept;
  static void strike(held_list &from, held_list::entry &which) noexcept;
  static void drop_struck(held_list &mine) noexcept;
};

} // namespace detail

// The number of traced locks that this thread holds; 0 while tracing is off.
inline unsigned held_lock_count() noexcept { return detail::held ? detail::held->count() : 0; }

// The current task suspends at `await`: leaves a held_at_suspend event for each lock that this thread holds.
inline void note_suspend(const std::source_location &await, trace::Wait why) noexcept {
  if (held_lock_count() != 0) [[unlikely]]
    detail::lock_tracer::emit_held_at_suspend(await, why);
}

// The loop of this thread goes back to its wait: leaves a held_at_wait event for each lock. Returns how many there are,
// for the argument of loop_wait.
inline unsigned note_loop_wait() noexcept {
  unsigned count = held_lock_count();
  if (count != 0) [[unlikely]]
    detail::lock_tracer::emit_held_at_wait();
  return count;
}

} // namespace tenterhook

#endif
