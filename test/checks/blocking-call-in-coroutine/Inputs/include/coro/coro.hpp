// The few declarations of libcoro that a test needs.
#pragma once
#include <chrono>
#include <coroutine>
#include <memory>

namespace coro {
struct operation {
  bool await_ready() const;
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};
template <typename T = void> struct task {
  struct promise_type {
    task get_return_object() { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  bool await_ready() const;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};
struct thread_pool {
  static std::unique_ptr<thread_pool> make_unique();
  operation schedule();
  operation yield();
  task<> schedule(task<>);
  bool spawn_detached(task<> &&);
  void shutdown();
};
struct scheduler {
  operation schedule();
  operation yield_for(std::chrono::milliseconds);
  bool spawn_detached(task<> &&);
};
template <typename T> T sync_wait(task<T>);
} // namespace coro
