// RUN: %verify %s -- -std=c++20 -isystem %S/Inputs/libraries
// Locks that are awaited may be held over an await: that is what they are for.
#include "../Inputs/task.h"
#include "async_locks.h"
#include <mutex>

async_mutex g_async;
std::mutex g_mutex;

task<> own() {
  auto guard = co_await g_async.scoped_lock();
  co_await tick();
}
task<> own_by_hand() {
  co_await g_async.lock();
  co_await tick();
  g_async.unlock();
}
task<> own_attempt() {
  if (g_async.try_lock()) {
    co_await tick();
    g_async.unlock();
  }
}
task<> own_and_thread_lock() {
  auto guard = co_await g_async.scoped_lock();
  std::lock_guard lock(g_mutex);
  co_await tick(); // finding: lock-across-await certain "keeps 'g_mutex' locked"
}
task<> waits_for_async_under_thread_lock() {
  std::lock_guard lock(g_mutex);
  auto guard = co_await g_async.scoped_lock(); // finding: lock-across-await certain "keeps 'g_mutex' locked"
}

// One with a body, whose state a thread lock protects for a moment.
class fair_mutex {
public:
  struct [[nodiscard]] guard {
    fair_mutex *owner;
    guard(fair_mutex *o) : owner(o) {}
    guard(guard &&g) noexcept : owner(std::exchange(g.owner, nullptr)) {}
    ~guard() {
      if (owner)
        owner->unlock();
    }
  };
  struct awaiter {
    fair_mutex *owner;
    bool await_ready() const { return owner->try_lock(); }
    bool await_suspend(std::coroutine_handle<> h) {
      std::lock_guard lock(owner->state_);
      if (!owner->locked_)
        return false;
      owner->waiting_ = h;
      return true;
    }
    guard await_resume() const { return {owner}; }
  };
  awaiter lock() { return {this}; }
  bool try_lock() {
    std::lock_guard lock(state_);
    return !std::exchange(locked_, true);
  }
  void unlock() {
    std::coroutine_handle<> next;
    {
      std::lock_guard lock(state_);
      next = std::exchange(waiting_, nullptr);
      locked_ = next != nullptr;
    }
    if (next)
      next.resume();
  }

private:
  std::mutex state_;
  bool locked_ = false;
  std::coroutine_handle<> waiting_;
};
fair_mutex g_fair;
task<> with_body() {
  auto guard = co_await g_fair.lock();
  co_await tick();
}
task<> with_body_temporary() {
  co_await g_fair.lock();
  co_await tick();
}
task<> with_body_attempt() {
  if (g_fair.try_lock()) {
    co_await tick();
    g_fair.unlock();
  }
}
// A guard of the standard library around an async lock that was awaited by hand.
task<> adopted() {
  co_await g_async.lock();
  std::unique_lock<async_mutex> lock(g_async, std::adopt_lock);
  co_await tick();
}

// Libraries.
coro::mutex g_coro;
cppcoro::async_mutex g_cppcoro;
folly::coro::Mutex g_folly;
task<> libcoro() {
  auto guard = co_await g_coro.lock();
  co_await tick();
}
task<> libcoro_scoped() {
  auto guard = co_await g_coro.scoped_lock();
  co_await tick();
}
task<> cppcoro_scoped() {
  auto guard = co_await g_cppcoro.scoped_lock_async();
  co_await tick();
}
task<> folly_unique() {
  std::unique_lock<folly::coro::Mutex> guard = co_await g_folly.co_scoped_lock();
  co_await tick();
}
task<> folly_by_hand() {
  co_await g_folly.co_lock();
  co_await tick();
  g_folly.unlock();
}
// Counting semaphores and events are no locks of a thread either.
task<> semaphore(async_event &event) {
  co_await event.wait();
  co_await tick();
}
