// To ask a lazy task whether it is there starts nothing: `if (exists(key))` for `if (co_await exists(key))`.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <optional>

struct lazy : task<bool> {
  struct promise_type {
    lazy get_return_object();
    std::suspend_always initial_suspend() noexcept;
    std::suspend_always final_suspend() noexcept;
    void return_value(bool);
    void unhandled_exception();
  };
  explicit operator bool() const noexcept;
};
struct loose : task<int> { // converts wherever a bool is wanted
  struct promise_type : lazy::promise_type {
    loose get_return_object();
  };
  operator bool() const noexcept;
};
struct running { // eager: it goes on whoever asks
  struct promise_type {
    running get_return_object();
    std::suspend_never initial_suspend() noexcept;
    std::suspend_always final_suspend() noexcept;
    void return_void();
    void unhandled_exception();
  };
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  bool await_resume();
  explicit operator bool() const;
};
lazy exists(int key);
loose count();
running start();
std::optional<lazy> maybe();

task<> in_conditions(int key) {
  if (exists(key)) use(1); // finding: discarded-awaitable certain "'exists' returns is only asked whether it holds one, and dropped here; the task never runs" "co_await it"
  if (!exists(key)) use(1); // finding: discarded-awaitable certain
  while (exists(key)) use(1); // finding: discarded-awaitable certain
  for (; exists(key);) use(1); // finding: discarded-awaitable certain
  use(exists(key) ? 1 : 2); // finding: discarded-awaitable certain
  if (exists(key) && key > 3) use(1); // finding: discarded-awaitable certain
  if (key > 3 || exists(key)) use(1); // finding: discarded-awaitable certain
  if (count()) use(1); // finding: discarded-awaitable certain
  if (maybe()) use(1); // finding: discarded-awaitable likely
  co_return;
}
void in_a_plain_function(int key) {
  if (exists(key)) use(1); // finding: discarded-awaitable certain "only a coroutine can await"
}
task<> in_a_variable(int key) {
  auto found = exists(key); // finding: discarded-awaitable likely "only asked whether there is one, and never awaited"
  if (found) use(1);
  co_return;
}
task<> declared_in_the_condition(int key) {
  if (auto found = exists(key)) // finding: discarded-awaitable likely
    use(1);
  co_return;
}
task<> awaited_in_one_branch(int key, bool b) {
  auto found = exists(key); // finding: discarded-awaitable likely "not awaited on every path"
  if (found && b)
    use(co_await found);
}

// Silent: where there is none, nothing is owed.
task<> asked_first(int key) {
  auto found = exists(key);
  if (!found)
    co_return;
  use(co_await found);
}
task<> awaited_where_there_is_one(int key) {
  if (auto found = exists(key))
    use(co_await found);
}
task<> awaited(int key) {
  if (co_await exists(key)) use(1);
  if (auto found = exists(key); co_await found) use(1);
}
void eager() {
  if (start()) use(1);
  auto r = start();
  if (r) use(1);
}
bool kept(int key) {
  auto found = exists(key);
  bool there = static_cast<bool>(found);
  return there;
}
// Whose end hangs on another condition has said so.
task<bool> at_the_end(int key, bool b) {
  auto found = exists(key);
  co_return b && co_await found;
}
task<bool> at_the_other_end(int key, bool b) {
  auto found = exists(key);
  co_return b || co_await found;
}
bool asked_at_the_end(int key, bool b) {
  auto found = exists(key);
  return b || static_cast<bool>(found);
}
