// blocking_queue<T>: values handed from threads to threads, first in first out, as Python's queue.Queue: put waits
// while it is full, get while it is empty, task_done and join tell when all that was put has also been dealt with.
//
//   blocking_queue<int> jobs(8);                       // at most 8 wait in it; 0: any number
//   std::jthread worker([&] {
//     while (std::optional<int> job = jobs.get()) { run(*job); jobs.task_done(); }
//   });
//   for (int i = 0; i != 100; ++i) jobs.put(i);
//   jobs.join();                                       // all 100 were run
//   jobs.close();                                      // the worker's get() gives nullopt, it ends
//
// Ownership: the queue owns what is in it; its destructor destroys that. No thread may begin to use it then; a put() or
// get() whose other side has come already may still be returning.
// Threads: all functions but construction and destruction may be called by any thread at any time.
// Waits: put, get, join block the calling thread, for which the trace has an event with the caller's place; in a
// coroutine use async_queue. Timed forms give up at their deadline; forms with a std::stop_token when stop is
// requested.
// Errors: put after close() throws closed; task_done() more often than put throws std::logic_error.
#ifndef TENTERHOOK_BLOCKING_QUEUE_H
#define TENTERHOOK_BLOCKING_QUEUE_H

#include <tenterhook/block_event.h>
#include <tenterhook/detail/saturate.h>
#include <tenterhook/detail/test_window.h>
#include <tenterhook/errors.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <source_location>
#include <stop_token>
#include <thread>
#include <utility>

namespace tenterhook {

template <typename T> class blocking_queue {
  using place = std::source_location;
  using never = std::nullptr_t; // no deadline

public:
  explicit blocking_queue(std::size_t capacity = 0) : capacity_(capacity) {}
  ~blocking_queue() {
    {
      std::lock_guard others_are_out(mutex_);
    }
    while (notifying_.load(std::memory_order_acquire) != 0)
      std::this_thread::yield();
  }
  blocking_queue(const blocking_queue &) = delete;
  blocking_queue &operator=(const blocking_queue &) = delete;

  // Waits for room. Throws closed if the queue is closed, or gets closed meanwhile.
  void put(T value, place at = place::current()) {
    detail::block_event event("tenterhook::blocking_queue::put", at);
    (void)put_until(std::move(value), nullptr, {}, event);
  }
  // As put; false, and `value` is gone, if stop was requested before there was room.
  [[nodiscard]] bool put(T value, std::stop_token stop, place at = place::current()) {
    detail::block_event event("tenterhook::blocking_queue::put", at);
    return put_until(std::move(value), nullptr, std::move(stop), event);
  }
  // As put; false if there was no room in time.
  template <typename Rep, typename Period>
  [[nodiscard]] bool put_for(T value, const std::chrono::duration<Rep, Period> &timeout, place at = place::current()) {
    detail::block_event event("tenterhook::blocking_queue::put_for", at);
    return put_until(std::move(value), detail::time_after(timeout), {}, event);
  }
  // False if it is full. Moves from `value` only if it is put.
  [[nodiscard]] bool try_put(T &&value) {
    std::unique_lock lock(mutex_);
    refuse_if_closed();
    if (full())
      return false;
    push(std::move(value), lock);
    return true;
  }
  [[nodiscard]] bool try_put(const T &value) { return try_put(T(value)); }

  // Waits for a value. Empty when the queue is closed and nothing is left in it.
  [[nodiscard]] std::optional<T> get(place at = place::current()) {
    detail::block_event event("tenterhook::blocking_queue::get", at);
    return get_until(nullptr, {}, event);
  }
  // As get; also empty if stop was requested and nothing is there.
  [[nodiscard]] std::optional<T> get(std::stop_token stop, place at = place::current()) {
    detail::block_event event("tenterhook::blocking_queue::get", at);
    return get_until(nullptr, std::move(stop), event);
  }
  // As get; also empty if nothing came in time.
  template <typename Rep, typename Period>
  [[nodiscard]] std::optional<T> get_for(const std::chrono::duration<Rep, Period> &timeout, place at = place::current()) {
    detail::block_event event("tenterhook::blocking_queue::get_for", at);
    return get_until(detail::time_after(timeout), {}, event);
  }
  // Empty if nothing is there.
  [[nodiscard]] std::optional<T> try_get() {
    std::unique_lock lock(mutex_);
    if (values_.empty())
      return std::nullopt;
    return pop(lock);
  }

  // One value that was got is dealt with.
  void task_done() {
    std::lock_guard lock(mutex_);
    if (unfinished_ == 0)
      throw std::logic_error("blocking_queue: task_done() called more often than put()");
    if (--unfinished_ == 0)
      all_done_.notify_all();
  }
  // Waits until task_done() was called for everything that was put.
  void join(place at = place::current()) {
    detail::block_event event("tenterhook::blocking_queue::join", at);
    std::unique_lock lock(mutex_);
    while (unfinished_ != 0) {
      event.waiting();
      all_done_.wait(lock);
    }
  }
  // As join; false if that was not so in time.
  template <typename Rep, typename Period>
  [[nodiscard]] bool join_for(const std::chrono::duration<Rep, Period> &timeout, place at = place::current()) {
    detail::block_event event("tenterhook::blocking_queue::join_for", at);
    std::unique_lock lock(mutex_);
    if (unfinished_ != 0)
      event.waiting();
    return all_done_.wait_until(lock, detail::time_after(timeout), [&] { return unfinished_ == 0; });
  }

  // No more puts; what is in it can still be got. Wakes all who wait. May be called again.
  void close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    not_empty_.notify_all();
    not_full_.notify_all();
  }
  [[nodiscard]] bool is_closed() const {
    std::lock_guard lock(mutex_);
    return closed_;
  }

  // What is in it now: other threads may change that before the caller looks.
  [[nodiscard]] std::size_t size() const {
    std::lock_guard lock(mutex_);
    return values_.size();
  }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; } // 0: unbounded

private:
  bool full() const { return capacity_ != 0 && values_.size() >= capacity_; }
  void refuse_if_closed() const {
    if (closed_)
      throw closed("blocking_queue: put() after close()");
  }
  // Notifying after the unlock saves the woken thread a wait for the lock. By then it may have what it waited for, and
  // destroy the queue: that waits for `notifying_`.
  void notify(std::condition_variable &waiters, std::unique_lock<std::mutex> &lock) {
    notifying_.fetch_add(1, std::memory_order_relaxed);
    lock.unlock();
    TENTERHOOK_TEST_WINDOW("blocking_queue::notify");
    waiters.notify_one();
    notifying_.fetch_sub(1, std::memory_order_release);
  }
  void push(T &&value, std::unique_lock<std::mutex> &lock) {
    values_.push_back(std::move(value));
    ++unfinished_;
    if (getters_ != 0)
      notify(not_empty_, lock);
  }
  std::optional<T> pop(std::unique_lock<std::mutex> &lock) {
    std::optional<T> value(std::move(values_.front()));
    values_.pop_front();
    if (putters_ != 0)
      notify(not_full_, lock);
    return value;
  }

  // Waits on `changed` until `ready` or closed_, the deadline or the stop; the caller looks which it was.
  template <typename Deadline, typename Ready>
  void wait(std::unique_lock<std::mutex> &lock, std::condition_variable &changed, std::size_t &waiters, Deadline deadline,
            const std::stop_token &stop, detail::block_event &event, Ready ready) {
    while (!ready() && !closed_ && !stop.stop_requested()) {
      event.waiting();
      ++waiters;
      bool late = false;
      if constexpr (std::is_same_v<Deadline, never>)
        changed.wait(lock);
      else
        late = changed.wait_until(lock, deadline) == std::cv_status::timeout;
      --waiters;
      if (late)
        return;
    }
  }
  // Locks, so that the notification cannot fall between a waiter's look at its token and its wait.
  auto waker(std::condition_variable &waited_for) {
    return [this, &waited_for] {
      {
        std::lock_guard lock(mutex_);
      }
      waited_for.notify_all();
    };
  }

  template <typename Deadline> bool put_until(T &&value, Deadline deadline, std::stop_token stop, detail::block_event &event) {
    // Outside the lock, which its callback takes, at both ends of its life.
    std::stop_callback wake(stop, waker(not_full_));
    std::unique_lock lock(mutex_);
    refuse_if_closed();
    wait(lock, not_full_, putters_, deadline, stop, event, [this] { return !full(); });
    refuse_if_closed();
    if (full())
      return false;
    push(std::move(value), lock);
    return true;
  }
  template <typename Deadline> std::optional<T> get_until(Deadline deadline, std::stop_token stop, detail::block_event &event) {
    std::stop_callback wake(stop, waker(not_empty_));
    std::unique_lock lock(mutex_);
    wait(lock, not_empty_, getters_, deadline, stop, event, [this] { return !values_.empty(); });
    if (values_.empty())
      return std::nullopt;
    return pop(lock);
  }

  const std::size_t capacity_;
  mutable std::mutex mutex_; // guards all below; a leaf
  std::condition_variable not_empty_, not_full_, all_done_;
  std::deque<T> values_;
  std::size_t unfinished_ = 0;            // put, and not yet reported by task_done()
  std::size_t getters_ = 0, putters_ = 0; // that wait
  bool closed_ = false;
  std::atomic<unsigned> notifying_{0}; // calls that have still to wake a thread
};

} // namespace tenterhook

#endif
