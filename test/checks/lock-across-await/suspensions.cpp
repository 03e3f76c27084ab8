// RUN: %verify %s
// Where a coroutine can suspend: every place that an expression can stand, co_yield, range-for, awaiters of all kinds.
#include "../Inputs/task.h"
#include <mutex>
#include <utility>
#include <vector>

std::mutex g_mutex;
bool ready();
int sum(int, int);
struct pair {
  int a, b;
};

task<> in_initialiser() {
  std::lock_guard lock(g_mutex);
  int n = co_await fetch(); // finding: lock-across-await certain
  use(n);
}
task<> in_braces() {
  std::lock_guard lock(g_mutex);
  pair p{co_await fetch(), 2}; // finding: lock-across-await certain
  use(p.a);
}
task<> in_assignment() {
  int n = 0;
  std::lock_guard lock(g_mutex);
  n = co_await fetch(); // finding: lock-across-await certain
  n += 1;
}
task<> in_condition() {
  std::lock_guard lock(g_mutex);
  if (co_await fetch()) // finding: lock-across-await certain
    use(1);
}
task<> in_loop_condition() {
  std::unique_lock lock(g_mutex);
  while (co_await fetch() > 0) // finding: lock-across-await certain
    use(1);
}
task<> in_switch() {
  std::lock_guard lock(g_mutex);
  switch (co_await fetch()) { // finding: lock-across-await certain
  case 1:
    use(1);
  }
}
task<> in_ternary(bool c) {
  std::lock_guard lock(g_mutex);
  int n = c ? co_await fetch() : 0; // finding: lock-across-await certain
  use(n);
}
task<> in_and(bool c) {
  std::lock_guard lock(g_mutex);
  if (c && co_await fetch()) // finding: lock-across-await certain
    use(1);
}
task<> in_argument() {
  std::lock_guard lock(g_mutex);
  use(sum(1, co_await fetch())); // finding: lock-across-await certain
}
task<int> in_return() {
  std::lock_guard lock(g_mutex);
  co_return co_await fetch(); // finding: lock-across-await certain
}
task<> in_for_increment() {
  std::lock_guard lock(g_mutex);
  for (int i = 0; i < 3; i += co_await fetch()) // finding: lock-across-await certain
    use(i);
}
task<> in_range() {
  auto numbers = []() -> task<std::vector<int>> { co_return std::vector<int>{1, 2}; };
  std::lock_guard lock(g_mutex);
  for (int n : co_await numbers()) // finding: lock-across-await certain
    use(n);
}
task<> in_range_body(std::vector<int> numbers) {
  for (int n : numbers) {
    std::lock_guard lock(g_mutex);
    co_await save(n); // finding: lock-across-await certain
  }
}
task<> in_range_body_fixed(std::vector<int> numbers) {
  for (int n : numbers) {
    {
      std::lock_guard lock(g_mutex);
      use(n);
    }
    co_await save(n);
  }
}
task<> in_guard_argument(std::mutex *many) {
  std::lock_guard lock(many[co_await fetch()]); // the lock is taken after the suspension
  use(1);
}
task<> in_own_statement_before() {
  use(co_await fetch());
  std::lock_guard lock(g_mutex);
  use(2);
}
task<> in_same_expression() {
  use(sum((g_mutex.lock(), 1), co_await fetch())); // finding: lock-across-await
  g_mutex.unlock();
}
task<> never_reached() {
  std::lock_guard lock(g_mutex);
  co_return;
  co_await tick();
}
task<> constant_false() {
  std::lock_guard lock(g_mutex);
  if constexpr (sizeof(int) == 1)
    co_await tick();
}

generator<int> yields() {
  std::lock_guard lock(g_mutex);
  co_yield 1; // finding: lock-across-await "before the co_yield"
}
generator<int> yields_in_loop(std::vector<int> numbers) {
  std::lock_guard lock(g_mutex);
  for (int n : numbers)
    co_yield n; // finding: lock-across-await
}
generator<int> yields_copy(std::vector<int> &numbers) {
  std::vector<int> copy;
  {
    std::lock_guard lock(g_mutex);
    copy = numbers;
  }
  for (int n : copy)
    co_yield n;
}
async_generator<int> yields_and_awaits() {
  std::unique_lock lock(g_mutex);
  co_yield 1; // finding: lock-across-await
  lock.unlock();
  co_await tick();
}
eager_task<> eager() {
  std::lock_guard lock(g_mutex);
  co_await tick(); // finding: lock-across-await
}
detached_task detached() {
  std::lock_guard lock(g_mutex);
  co_await tick(); // finding: lock-across-await
}

// Awaiters of the program's own: written in a function that is called, members, free operators.
struct own_awaiter {
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<>) {}
  int await_resume() { return 1; }
};
inline own_awaiter next_event() { return {}; }
struct convertible {
  own_awaiter operator co_await() const { return {}; }
};
struct foreign {};
inline own_awaiter operator co_await(foreign) { return {}; }
inline auto asynchronously(int n) {
  struct awaiter {
    int value;
    bool await_ready() const noexcept { return value == 0; }
    void await_suspend(std::coroutine_handle<> h) { h.resume(); }
    int await_resume() const { return value; }
  };
  return awaiter{n};
}
task<> inline_awaiter() {
  std::lock_guard lock(g_mutex);
  use(co_await next_event()); // finding: lock-across-await certain
}
task<> member_operator() {
  std::lock_guard lock(g_mutex);
  co_await convertible{}; // finding: lock-across-await certain
}
task<> free_operator() {
  std::lock_guard lock(g_mutex);
  co_await foreign{}; // finding: lock-across-await certain
}
task<> local_awaiter() {
  std::lock_guard lock(g_mutex);
  co_await asynchronously(1); // finding: lock-across-await
}
task<> suspend_always() {
  std::lock_guard lock(g_mutex);
  co_await std::suspend_always{}; // finding: lock-across-await certain
}
task<> stored_awaitable() {
  auto pending = fetch();
  std::lock_guard lock(g_mutex);
  use(co_await pending); // finding: lock-across-await certain
}
task<> of_a_coroutine_below() {
  std::lock_guard lock(g_mutex);
  co_await inline_awaiter(); // finding: lock-across-await certain
}
template <class T> task<T> of_a_template(T value) {
  std::lock_guard lock(g_mutex);
  co_await tick(); // finding: lock-across-await certain
  co_return value;
}
task<> uses_template() {
  co_await of_a_template(1);
  co_await of_a_template(1.0);
}
