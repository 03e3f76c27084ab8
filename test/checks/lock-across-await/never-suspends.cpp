// RUN: %verify %s
// Awaits that cannot suspend, and the ones that look like them.
#include "../Inputs/task.h"
#include <mutex>

std::mutex g_mutex;

struct always_ready {
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  int await_resume() const noexcept { return 1; }
};
struct ready_constexpr {
  static constexpr bool await_ready() noexcept { return true; }
  static constexpr void await_suspend(std::coroutine_handle<>) noexcept {}
  static constexpr void await_resume() noexcept {}
};
struct sometimes_ready {
  bool done;
  bool await_ready() const noexcept { return done; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  void await_resume() const noexcept {}
};
struct derived_ready : std::suspend_never {};
struct to_ready {
  always_ready operator co_await() const { return {}; }
};
template <class T> struct value_of {
  T value;
  constexpr bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  T await_resume() const { return value; }
};
// A promise that lets its coroutines ask for something: no suspension.
struct this_executor_t {};
struct asking {
  struct promise_type {
    asking get_return_object() { return {}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
    value_of<int> await_transform(this_executor_t) { return {1}; }
    template <class A> A &&await_transform(A &&a) { return static_cast<A &&>(a); }
  };
};

task<> suspend_never() {
  std::lock_guard lock(g_mutex);
  co_await std::suspend_never{};
}
task<> own_ready() {
  std::lock_guard lock(g_mutex);
  use(co_await always_ready{});
}
task<> own_ready_constexpr() {
  std::lock_guard lock(g_mutex);
  co_await ready_constexpr{};
}
task<> own_not_ready() {
  std::lock_guard lock(g_mutex);
  co_await sometimes_ready{false}; // finding: lock-across-await certain
}
task<> inherited_ready() {
  std::lock_guard lock(g_mutex);
  co_await derived_ready{};
}
task<> through_operator() {
  std::lock_guard lock(g_mutex);
  use(co_await to_ready{});
}
task<> of_template() {
  std::lock_guard lock(g_mutex);
  use(co_await value_of<int>{1});
}
asking transformed() {
  std::lock_guard lock(g_mutex);
  use(co_await this_executor_t{});
}
asking transformed_suspends() {
  std::lock_guard lock(g_mutex);
  co_await tick(); // finding: lock-across-await certain
}
task<> ready_then_suspends() {
  std::lock_guard lock(g_mutex);
  co_await std::suspend_never{};
  co_await tick(); // finding: lock-across-await certain
}
