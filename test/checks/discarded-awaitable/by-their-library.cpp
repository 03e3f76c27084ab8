// Types that only their library's coroutines can await: their models say that they must be.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <tuple>
#include <vector>

namespace folly {
struct Executor {};
namespace coro {
template <typename T> struct Task;
template <typename T> struct TaskWithExecutor {
  TaskWithExecutor(TaskWithExecutor &&) noexcept;
  ~TaskWithExecutor();
  int start() &&;
};
template <typename T> struct Promise {
  Task<T> get_return_object();
  std::suspend_always initial_suspend() noexcept;
  std::suspend_always final_suspend() noexcept;
  void return_void();
  void unhandled_exception();
  template <typename U> std::suspend_always await_transform(Task<U> &&);
  template <typename U> std::suspend_always await_transform(TaskWithExecutor<U> &&);
};
template <typename T> struct Task {
  using promise_type = Promise<T>;
  Task(Task &&) noexcept;
  ~Task();
  TaskWithExecutor<T> scheduleOn(Executor *) &&;
};
template <typename T> TaskWithExecutor<T> co_withExecutor(Executor *, Task<T>);
} // namespace coro
} // namespace folly
namespace asio {
template <typename... T> struct deferred_async_operation {
  ~deferred_async_operation();
};
struct deferred_t {};
struct timer {
  deferred_async_operation<int> async_wait(deferred_t);
};
} // namespace asio

folly::coro::Task<void> work();
folly::coro::Task<void> drops(folly::Executor *executor) {
  work(); // finding: discarded-awaitable certain "the task never runs"
  auto later = work(); // finding: discarded-awaitable certain
  work().scheduleOn(executor); // finding: discarded-awaitable certain "the task never runs"
  folly::coro::co_withExecutor(executor, work()); // finding: discarded-awaitable
  co_await work();
  work().scheduleOn(executor).start();
  auto last = work();
  co_await std::move(last);
}
void boxed() {
  std::vector<folly::coro::Task<void>> all;
  all.push_back(work()); // finding: discarded-awaitable likely
}
folly::coro::Task<void> given(folly::coro::Task<void> task, bool now) { // finding: discarded-awaitable likely
  if (now)
    co_await std::move(task);
}
void operations(asio::timer &timer, bool b) {
  timer.async_wait(asio::deferred_t()); // finding: discarded-awaitable certain "the task never runs"
  auto operation = timer.async_wait(asio::deferred_t()); // finding: discarded-awaitable certain
}

// Of some libraries' tasks the promise waits to be started, but the library does that: nothing has yet to run.
namespace concurrencpp {
template <typename T> struct result {
  struct promise_type {
    result get_return_object();
    std::suspend_always initial_suspend() noexcept; // until its executor has it
    std::suspend_always final_suspend() noexcept;
    void return_value(T);
    void unhandled_exception();
  };
  result(result &&) noexcept;
  ~result();
  bool await_ready() const noexcept;
  void await_suspend(std::coroutine_handle<>) noexcept;
  T await_resume();
};
} // namespace concurrencpp
template <typename T> using result = concurrencpp::result<T>;
result<int> submitted();
result<std::tuple<result<int>, result<long>>> both();
result<std::vector<result<int>>> many();
result<std::vector<task<>>> made();
result<int> started_by_the_library() {
  submitted(); // finding: discarded-awaitable "nobody waits for the task or sees its exception"
  many();      // finding: discarded-awaitable "nobody waits for the task or sees its exception"
  co_await submitted();
  co_await both();
  co_await many();
  auto all = co_await many();
  co_await made(); // finding: discarded-awaitable likely "the task never runs"
  co_return 1;
}
