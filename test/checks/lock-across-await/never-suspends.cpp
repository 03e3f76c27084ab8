// RUN: %verify %s
// Awaits that cannot suspend, and the ones that look like them.
#include "../Inputs/task.h"
#include <mutex>

std::mutex g_mutex;
bool some_day();

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

// await_suspend says "go on": false, or the coroutine's own handle.
struct refuses {
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<>) const noexcept { return false; }
  void await_resume() const noexcept {}
};
struct agrees {
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<>) const noexcept { return true; }
  void await_resume() const noexcept {}
};
struct refuses_after_work {
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<>) const {
    use(1);
    return false;
  }
  void await_resume() const noexcept {}
};
struct refuses_on_both_paths {
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<>) const {
    if (some_day()) {
      use(1);
      return false;
    }
    return false;
  }
  void await_resume() const noexcept {}
};
struct refuses_at_times {
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<>) const {
    if (some_day())
      return false;
    return true;
  }
  void await_resume() const noexcept {}
};
struct own_handle {
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> h) const noexcept { return h; }
  void await_resume() const noexcept {}
};
struct own_handle_of_any {
  bool await_ready() const noexcept { return false; }
  template <class P> std::coroutine_handle<> await_suspend(std::coroutine_handle<P> h) const noexcept {
    use(2);
    return h;
  }
  void await_resume() const noexcept {}
};
struct other_handle {
  std::coroutine_handle<> other;
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<>) const noexcept { return other; }
  void await_resume() const noexcept {}
};
struct own_or_other {
  std::coroutine_handle<> other;
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> h) const {
    if (some_day())
      return h;
    return other;
  }
  void await_resume() const noexcept {}
};
struct handle_replaced {
  std::coroutine_handle<> other;
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> h) const {
    h = other;
    return h;
  }
  void await_resume() const noexcept {}
};
task<> refused() {
  std::lock_guard lock(g_mutex);
  co_await refuses{};
  co_await refuses_after_work{};
  co_await refuses_on_both_paths{};
}
task<> agreed() {
  std::lock_guard lock(g_mutex);
  co_await agrees{}; // finding: lock-across-await certain
}
task<> refused_at_times() {
  std::lock_guard lock(g_mutex);
  co_await refuses_at_times{}; // finding: lock-across-await
}
task<> resumed_at_once() {
  std::lock_guard lock(g_mutex);
  co_await own_handle{};
  co_await own_handle_of_any{};
}
task<> resumes_another(std::coroutine_handle<> h) {
  std::lock_guard lock(g_mutex);
  co_await other_handle{h}; // finding: lock-across-await certain
}
task<> resumes_another_at_times(std::coroutine_handle<> h) {
  std::lock_guard lock(g_mutex);
  co_await own_or_other{h}; // finding: lock-across-await
}
task<> resumes_another_by_the_same_name(std::coroutine_handle<> h) {
  std::lock_guard lock(g_mutex);
  co_await handle_replaced{h}; // finding: lock-across-await
}

// await_ready is true by what it calls or looks at.
constexpr bool always = true;
inline bool yes() { return true; }
inline bool yes_indeed() { return yes(); }
struct ready_by_call {
  bool await_ready() const { return yes_indeed(); }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  void await_resume() const noexcept {}
};
struct ready_by_constant {
  bool await_ready() const { return always; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  void await_resume() const noexcept {}
};
struct ready_by_local {
  bool await_ready() const {
    const bool done = true;
    return done;
  }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  void await_resume() const noexcept {}
};
struct ready_by_changed_local {
  bool await_ready() const {
    bool done = true;
    done = some_day();
    return done;
  }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  void await_resume() const noexcept {}
};
struct ready_as_told {
  explicit ready_as_told(bool done) : done_(done) {}
  bool await_ready() const { return done_; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  void await_resume() const noexcept {}

private:
  bool done_;
};
struct ready_later {
  bool done = true;
  void start() { done = false; }
  bool await_ready() const { return done; }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  void await_resume() const noexcept {}
};
task<> ready_by_bodies() {
  std::lock_guard lock(g_mutex);
  co_await ready_by_call{};
  co_await ready_by_constant{};
  co_await ready_by_local{};
  co_await sometimes_ready{true};
  co_await ready_as_told(true);
}
task<> not_ready_by_changed_local() {
  std::lock_guard lock(g_mutex);
  co_await ready_by_changed_local{}; // finding: lock-across-await
}
task<> told_not_ready() {
  std::lock_guard lock(g_mutex);
  co_await ready_as_told(false); // finding: lock-across-await
}
task<> told_at_run_time(bool done) {
  std::lock_guard lock(g_mutex);
  co_await ready_as_told(done); // finding: lock-across-await
}
task<> changed_by_others() {
  std::lock_guard lock(g_mutex);
  co_await ready_later{true}; // finding: lock-across-await
}
