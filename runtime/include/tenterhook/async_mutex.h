// async_mutex: a lock for coroutines. Waiting for it suspends, and its guard may be held across co_await: it belongs to
// the coroutine and not to the thread.
//
//   async_mutex::guard held = co_await mutex.lock();
//   co_await save(state);
//
// Fair: first come, first served, by hand-off (nobody overtakes who waits). Not recursive: locking it twice in one
// coroutine waits forever. Threads: any; coroutines of several executors may share it. Must outlive its guards and who
// waits for it. Resume thread: who waited goes on on its own executor; a lock that is free is taken in place.
// Cancellation: a stop request ends the wait with `cancelled`.
#ifndef TENTERHOOK_ASYNC_MUTEX_H
#define TENTERHOOK_ASYNC_MUTEX_H

#include <tenterhook/detail/async_wait.h>

namespace tenterhook {

class async_mutex {
public:
  async_mutex() noexcept = default;
  async_mutex(const async_mutex &) = delete;
  async_mutex &operator=(const async_mutex &) = delete;
  ~async_mutex() { assert(state.load() == free && "an async_mutex outlives its guards"); }

  // Holds the lock; gives it to the next in line when it is destroyed, on any thread.
  class [[nodiscard]] guard {
  public:
    guard() noexcept = default;
    guard(guard &&other) noexcept : mutex(std::exchange(other.mutex, nullptr)) {}
    guard &operator=(guard &&other) noexcept {
      std::swap(mutex, other.mutex);
      return *this;
    }
    ~guard() { unlock(); }
    void unlock() noexcept {
      if (mutex)
        std::exchange(mutex, nullptr)->unlock();
    }
    explicit operator bool() const noexcept { return mutex != nullptr; }

  private:
    friend async_mutex;
    friend class async_condition_variable;
    explicit guard(async_mutex &held) noexcept : mutex(&held) {}
    async_mutex *mutex = nullptr;
  };

  class [[nodiscard]] awaiter : public detail::async_wait {
  public:
    static constexpr trace::Wait wait_kind = trace::Wait::lock;
    explicit awaiter(async_mutex &of) noexcept : async_wait(of.guard_of_line, of.line), mutex(of) {}
    awaiter(awaiter &&) = default;
    ~awaiter() {
      withdraw([this] { mutex.hand_on(); });
    }
    bool await_ready() noexcept { return mutex.take(); }
    template <typename Promise> bool await_suspend(std::coroutine_handle<Promise> handle) {
      return wait_unless(handle, [this] { return mutex.take_or_announce(); });
    }
    async_mutex::guard await_resume() {
      take();
      return async_mutex::guard(mutex);
    }

  private:
    async_mutex &mutex;
  };

  awaiter lock() noexcept { return awaiter(*this); }
  // Empty if somebody else holds it.
  guard try_lock() noexcept { return take() ? guard(*this) : guard(); }

private:
  enum : unsigned char { free, held, held_with_line };

  bool take() noexcept {
    unsigned char expected = free;
    return state.compare_exchange_strong(expected, held, std::memory_order_acquire, std::memory_order_relaxed);
  }
  bool take_or_announce() noexcept { // under the guard; false: unlock() will look at the line
    for (unsigned char seen = state.load(std::memory_order_relaxed);;) {
      unsigned char next = seen == free ? held : held_with_line;
      if (state.compare_exchange_weak(seen, next, std::memory_order_acquire, std::memory_order_relaxed))
        return seen == free;
    }
  }
  void unlock() noexcept {
    unsigned char expected = held;
    if (state.compare_exchange_strong(expected, free, std::memory_order_release, std::memory_order_relaxed))
      return;
    std::lock_guard lock(guard_of_line);
    hand_on();
  }
  void hand_on() noexcept { // under the guard
    if (line.empty())       // who waited was stopped
      state.store(free, std::memory_order_release);
    else
      line.first->grant();
  }

  std::atomic<unsigned char> state{free};
  std::mutex guard_of_line;
  detail::async_line line;
};

} // namespace tenterhook

#endif
