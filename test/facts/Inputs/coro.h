// A task type that does nothing, enough to parse coroutines.
#pragma once
#include <coroutine>
namespace demo {
template <class T> struct task {
  struct promise_type {
    task get_return_object();
    std::suspend_always initial_suspend();
    std::suspend_always final_suspend() noexcept;
    void return_value(T);
    void unhandled_exception();
  };
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
  ~task();
};
} // namespace demo
