// Stored, and another value stored over it before it is awaited.
// RUN: %verify %s
#include "../Inputs/task.h"

task<int> load(int);
struct trivial {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
};
trivial begin_one();

task<> twice() {
  auto value = load(1); // finding: discarded-awaitable likely "overwritten before it is awaited; the task never runs" "stores another value in 'value'"
  value = load(2);
  co_await value;
}

task<> twice_trivial() {
  auto value = begin_one(); // finding: discarded-awaitable likely "overwritten"
  value = begin_one();
  co_await value;
}

task<> on_one_path(bool b) {
  auto value = load(1); // finding: discarded-awaitable likely "overwritten"
  if (b) value = load(2);
  co_await value;
}

task<> by_another_variable(task<int> other) {
  auto value = load(1); // finding: discarded-awaitable likely "overwritten"
  value = std::move(other);
  co_await value;
}

task<> by_an_empty_one() {
  auto value = load(1); // finding: discarded-awaitable likely "overwritten"
  value = task<int>();
  co_return;
}

task<> by_braces() {
  auto value = load(1); // finding: discarded-awaitable likely "overwritten"
  value = {};
  co_return;
}

task<> last_of_a_loop(int n) {
  task<int> value;
  for (int i = 0; i < n; ++i)
    value = load(i); // finding: discarded-awaitable likely "overwritten"
  co_await value;
}

task<> the_second_is_lost() {
  auto value = load(1);
  co_await value;
  value = load(2); // finding: discarded-awaitable certain "is stored in 'value' and never awaited"
}

task<> awaited_between() {
  auto value = load(1);
  co_await value;
  value = load(2);
  co_await value;
}

task<> retry(int n) {
  auto value = load(0);
  while (co_await value < n)
    value = load(n);
}

task<int> wrap(task<int>);
task<> wrapped() {
  auto value = load(1);
  value = wrap(std::move(value));
  co_await value;
}

task<> chosen_later(bool b) {
  task<int> value;
  if (b) value = load(1);
  else value = load(2);
  co_await value;
}

task<> chosen_by_expression(bool b) {
  task<int> value;
  value = b ? load(1) : load(2);
  co_await value;
}

// In one round of a loop: a counter that goes one way equals a constant once.
task<> in_one_round(int n) {
  task<int> value;
  for (int i = 0; i < n; ++i)
    if (i == 3)
      value = load(i);
  co_await value;
}
task<> in_one_round_down(int n, bool b) {
  task<int> value;
  while (n-- > 0) {
    if (n == 7) {
      if (b)
        value = load(n);
    }
  }
  co_await value;
}
task<> in_one_round_by_two(int n) {
  task<int> value;
  for (int i = 1; i < n; i += 2) {
    if (i != 5)
      continue;
    value = load(i);
  }
  co_await value;
}
task<> in_each_round(int n, int m) {
  task<int> value;
  for (int i = 0; i < n; ++i)
    if (m == 3)
      value = load(i); // finding: discarded-awaitable likely "overwritten"
  co_await value;
}
task<> in_many_rounds(int n) {
  task<int> value;
  for (int i = 0; i < n; ++i)
    if (i != 3)
      value = load(i); // finding: discarded-awaitable likely "overwritten"
  co_await value;
}
task<> counted_anew(int n) {
  task<int> value;
  for (int j = 0; j < n; ++j)
    for (int i = 0; i < n; ++i)
      if (i == 3)
        value = load(i); // finding: discarded-awaitable likely "overwritten"
  co_await value;
}
task<> back_and_forth(int n, bool b) {
  task<int> value;
  for (int i = 0; n > 0; --n) {
    if (i == 3)
      value = load(i); // finding: discarded-awaitable likely "overwritten"
    if (b)
      ++i;
    else
      --i;
  }
  co_await value;
}
