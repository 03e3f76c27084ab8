// The few declarations of cppcoro that a test needs.
#pragma once
#include <coroutine>

namespace cppcoro {
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
struct static_thread_pool {
  ~static_thread_pool();
  operation schedule();
};
struct io_service {
  operation schedule();
};
template <typename S, typename T> task<T> schedule_on(S &, task<T>);
template <typename S, typename T> task<T> resume_on(S &, task<T>);
template <typename T> T sync_wait(task<T>);
} // namespace cppcoro
