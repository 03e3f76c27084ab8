// condition_variable: std::condition_variable for tenterhook::mutex; a wait leaves a block event with its duration, and
// the lock's unlock and lock events around it.
//
//   std::unique_lock lock(m);
//   ready.wait(lock, [&] { return done; });
//
// Threads, spurious wake-ups and errors: as std's. A wait with a std::stop_token ends when stop is requested; its
// result is the predicate's, as with std::condition_variable_any.
#ifndef TENTERHOOK_CONDITION_VARIABLE_H
#define TENTERHOOK_CONDITION_VARIABLE_H

#include <tenterhook/block_event.h>
#include <tenterhook/detail/saturate.h>
#include <tenterhook/mutex.h>

#include <atomic>
#include <concepts>
#include <condition_variable>
#include <memory>
#include <stop_token>

namespace tenterhook {

class condition_variable {
  using place = std::source_location;
  using lock_type = std::unique_lock<mutex>;

public:
  condition_variable() = default;
  condition_variable(const condition_variable &) = delete;
  condition_variable &operator=(const condition_variable &) = delete;

  ~condition_variable() { delete stoppable_.load(std::memory_order_acquire); }

  void notify_one() noexcept {
    native_.notify_one();
    if (auto *others = stoppable_.load(std::memory_order_acquire)) [[unlikely]]
      others->notify_one();
  }
  void notify_all() noexcept {
    native_.notify_all();
    if (auto *others = stoppable_.load(std::memory_order_acquire)) [[unlikely]]
      others->notify_all();
  }

  void wait(lock_type &lock, place at = place::current()) {
    detail::block_event event("tenterhook::condition_variable::wait", at);
    event.waiting();
    given_up native(lock, at);
    native_.wait(native.lock);
  }
  template <std::predicate Predicate> void wait(lock_type &lock, Predicate ready, place at = place::current()) {
    while (!ready())
      wait(lock, at);
  }
  // False if it ended for the stop request and the predicate does not hold.
  template <std::predicate Predicate>
  bool wait(lock_type &lock, std::stop_token stop, Predicate ready, place at = place::current()) {
    detail::block_event event("tenterhook::condition_variable::wait", at);
    std::condition_variable_any &waiters = stoppable(); // before the predicate is looked at, with the lock held
    placed locking{*lock.mutex(), at};
    return waiters.wait(locking, std::move(stop), [&] { return ready() || (event.waiting(), false); });
  }

  template <typename Clock, typename Duration>
  std::cv_status wait_until(lock_type &lock, const std::chrono::time_point<Clock, Duration> &deadline,
                            place at = place::current()) {
    detail::block_event event("tenterhook::condition_variable::wait_until", at);
    event.waiting();
    given_up native(lock, at);
    return native_.wait_until(native.lock, detail::saturated(deadline));
  }
  template <typename Clock, typename Duration, std::predicate Predicate>
  bool wait_until(lock_type &lock, const std::chrono::time_point<Clock, Duration> &deadline, Predicate ready,
                  place at = place::current()) {
    while (!ready())
      if (wait_until(lock, deadline, at) == std::cv_status::timeout)
        return ready();
    return true;
  }
  template <typename Rep, typename Period>
  std::cv_status wait_for(lock_type &lock, const std::chrono::duration<Rep, Period> &timeout, place at = place::current()) {
    return wait_until(lock, detail::time_after(timeout), at);
  }
  template <typename Rep, typename Period, std::predicate Predicate>
  bool wait_for(lock_type &lock, const std::chrono::duration<Rep, Period> &timeout, Predicate ready,
                place at = place::current()) {
    return wait_until(lock, detail::time_after(timeout), std::move(ready), at);
  }

private:
  // The native lock for the length of a wait; what holds the traced one goes on holding it.
  struct given_up {
    mutex &waited_with;
    std::unique_lock<std::mutex> lock;
    place at;

    given_up(lock_type &holder, place where)
        : waited_with(*holder.mutex()), lock(waited_with.native(), std::adopt_lock), at(where) {
      waited_with.before_wait(at);
    }
    ~given_up() {
      lock.release();
      waited_with.after_wait(at);
    }
  };

  // What condition_variable_any needs of a lock, with the place of the wait.
  struct placed {
    mutex &waited_with;
    place at;
    void lock() { waited_with.lock(at); }
    void unlock() { waited_with.unlock(at); }
  };

  // Made by the first wait with a stop_token, whose lock orders this before any notification that the wait needs.
  std::condition_variable_any &stoppable() {
    if (auto *made = stoppable_.load(std::memory_order_acquire))
      return *made;
    auto fresh = std::make_unique<std::condition_variable_any>();
    std::condition_variable_any *none = nullptr;
    if (stoppable_.compare_exchange_strong(none, fresh.get(), std::memory_order_acq_rel))
      return *fresh.release();
    return *none;
  }

  std::condition_variable native_;
  std::atomic<std::condition_variable_any *> stoppable_{nullptr};
};

} // namespace tenterhook

#endif
