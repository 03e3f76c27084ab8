// Silent: dropped in a way that says so.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <tuple>

task<> work();
awaitable<> nap();

void dropped(bool b) {
  (void)work();
  static_cast<void>(work());
  std::ignore = work();
  b ? (void)work() : void(nap());
  for (;; (void)work()) (void)(work());
}

void stored() {
  auto v = work();
  std::ignore = v;
}
void variable_cast_to_void() {
  auto t = work();
  (void)t;
  auto u = work();
  static_cast<void>(u);
}
void cast_on_one_path(bool b) {
  auto t = work(); // finding: discarded-awaitable likely
  if (b) (void)t;
}
void another_cast_to_void() {
  auto t = work(); // finding: discarded-awaitable certain
  auto u = work();
  (void)u;
}

// Only made to look at their type or size.
void unevaluated() {
  (void)sizeof(work());
  (void)noexcept(work());
  using type = decltype(work());
  static_assert(requires { work(); });
  if constexpr (sizeof(work()) == 0) work();
}

// The standard awaiters: making one does nothing that could be lost.
std::suspend_always wait_for_resume();
std::suspend_never go_on();
void standard_awaiters() {
  std::suspend_always{};
  std::suspend_never();
  go_on();
}

// An awaitable that is constructed by name is an object of its own: an event, a timer that others wait for.
struct event {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
  void set();
};
task<> named_objects() {
  event ready;
  event done{};
  co_await tick();
}
