// The few declarations of folly that a test needs.
#pragma once
#include <chrono>
#include <coroutine>
#include <utility>

namespace folly {
struct Executor {
  virtual ~Executor();
  };
struct CPUThreadPoolExecutor : Executor {
  explicit CPUThreadPoolExecutor(int);
  template <typename F> void add(F) {}
};
struct EventBase : Executor {
  template <typename F> void runInEventBaseThread(F) {}
  template <typename F> bool runInEventBaseThreadAndWait(F) { return true; }
};
CPUThreadPoolExecutor *getGlobalCPUExecutor();
EventBase *getEventBase();
template <typename T> struct Future {
  T get();
  T value();
  bool isReady() const;
  template <typename F> Future thenValue(F) { return {}; }
  Future via(Executor *);
  bool await_ready() const;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
};
template <typename F> Future<int> via(Executor *, F) { return {}; }
namespace coro {
template <typename T> struct TaskWithExecutor {
  bool await_ready() const;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
  void start();
};
template <typename T> struct Task {
  struct promise_type {
    Task get_return_object() { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  bool await_ready() const;
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
  TaskWithExecutor<T> scheduleOn(Executor *) &&;
};
template <typename T> TaskWithExecutor<T> co_withExecutor(Executor *, Task<T>);
template <typename T> T blockingWait(Task<T>);
Task<void> sleep(std::chrono::milliseconds);
struct co_reschedule_on_current_executor_t {};
} // namespace coro
} // namespace folly
