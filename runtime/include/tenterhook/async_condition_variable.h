// async_condition_variable: coroutines wait for a change of what an async_mutex protects.
//
//   async_mutex::guard held = co_await mutex.lock();
//   co_await changed.wait(held, [] { return done; });   // gives the lock up while it waits; has it again afterwards
//
// Who changes the state holds the same mutex, changes it, and calls notify_one() or notify_all() before or after it unlocks.
// No notification is lost between the look at the state and the wait, and nobody is woken without one; but another may
// have changed the state again before the lock is back, so wait with a predicate. Should who was notified by notify_one()
// be destroyed before it has the lock, the next one is notified.
// Threads: any; all who wait at one time use the same mutex. Must outlive who waits.
// Resume thread: who waited goes on on its own executor.
// Cancellation: a stop request ends the wait with `cancelled`, when the lock is held again: waiting for that is not
// cut short, so whoever holds the guard may rely on it in every handler.
#ifndef TENTERHOOK_ASYNC_CONDITION_VARIABLE_H
#define TENTERHOOK_ASYNC_CONDITION_VARIABLE_H

#include <tenterhook/async_mutex.h>
#include <tenterhook/shield.h>
#include <tenterhook/task.h>

#include <concepts>

namespace tenterhook {

class async_condition_variable {
public:
  async_condition_variable() noexcept = default;
  async_condition_variable(const async_condition_variable &) = delete;
  async_condition_variable &operator=(const async_condition_variable &) = delete;

  // `held` holds the mutex, before and after.
  task<> wait(async_mutex::guard &held) {
    assert(held && "the lock is held by who waits");
    async_mutex &mutex = *held.mutex;
    bool told_to_stop = false;
    unused_notification mine;
    try {
      waiter waiting(*this, held);
      co_await waiting;
      mine.of = waiting.is_only_one ? this : nullptr;
    } catch (const cancelled &) {
      told_to_stop = true;
    }
    if (!held) {
      shield_scope quiet = co_await shielded();
      held = co_await mutex.lock();
    }
    mine.of = nullptr;
    if (told_to_stop)
      throw cancelled();
  }
  template <std::predicate Predicate> task<> wait(async_mutex::guard &held, Predicate ready) {
    while (!ready())
      co_await wait(held);
  }

  void notify_one() noexcept {
    std::lock_guard lock(guard);
    notify_next();
  }
  void notify_all() noexcept {
    std::lock_guard lock(guard);
    while (!line.empty())
      line.first->grant();
  }

private:
  class waiter : public detail::async_wait {
  public:
    static constexpr trace::Wait wait_kind = trace::Wait::other;
    waiter(async_condition_variable &notified_by, async_mutex::guard &given_up) noexcept
        : async_wait(notified_by.guard, notified_by.line), at(notified_by), held(given_up) {}
    ~waiter() {
      withdraw([this] {
        if (is_only_one)
          at.notify_next();
      });
    }
    bool await_ready() const noexcept { return false; }
    template <typename Promise> bool await_suspend(std::coroutine_handle<Promise> handle) {
      // Under the guard of the line: who notifies after this unlock finds the waiter in it.
      return wait_unless(handle, [this] {
        held.unlock();
        return false;
      });
    }
    void await_resume() { take(); }

    bool is_only_one = false; // by notify_one(): under the guard until it was granted

  private:
    async_condition_variable &at;
    async_mutex::guard &held;
  };
  // Of who is destroyed on its way to the lock.
  struct unused_notification {
    async_condition_variable *of = nullptr;
    ~unused_notification() {
      if (of)
        of->notify_one();
    }
  };

  void notify_next() noexcept { // under the guard
    if (line.empty())
      return;
    static_cast<waiter *>(line.first)->is_only_one = true;
    line.first->grant();
  }

  std::mutex guard;
  detail::async_line line;
};

} // namespace tenterhook

#endif
