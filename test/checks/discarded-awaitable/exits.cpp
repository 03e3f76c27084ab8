// Paths that end in an exception or in the end of the program owe nothing.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <cstdlib>
#include <exception>
#include <stdexcept>

task<int> load();
bool stop();
void check();
[[noreturn]] void fail(const char *);
struct trivial {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
};
trivial begin_one();

task<> throws() {
  auto t = load();
  if (stop()) throw std::runtime_error("stopped");
  co_await t;
}
task<> throws_trivial() {
  auto t = begin_one();
  if (stop()) throw 1;
  co_await t;
}
task<> aborts(int n) {
  auto t = load();
  if (n == 1) std::abort();
  if (n == 2) std::terminate();
  if (n == 3) exit(1);
  if (n == 4) fail("four");
  if (n == 5) __builtin_unreachable();
  co_await t;
}
task<> aborts_trivial(int n) {
  auto t = begin_one();
  if (n == 1) std::abort();
  if (n == 2) std::terminate();
  if (n == 3) exit(1);
  co_await t;
}
// What has no destructor is lost where the function ends; a call that does not return is no such end.
task<> noreturn_without_destructor(int n) {
  auto t = begin_one();
  if (n == 4) fail("four");
  co_await t;
}
task<> noreturn_in_try(int n) {
  auto t = begin_one();
  try {
    if (n == 4) fail("four");
    check();
  } catch (int) {
    use(1);
  }
  co_await t;
}
task<> returns_beside_noreturn(int n) {
  auto t = begin_one(); // finding: discarded-awaitable likely
  if (n == 4) fail("four");
  if (n == 5) co_return;
  co_await t;
}
task<> handled() {
  auto t = load();
  try {
    check();
    co_await t;
  } catch (int) {
    use(1);
  }
}
task<> handled_by_nothing() {
  auto t = load();
  try {
    check();
    co_await t;
  } catch (...) {
  }
}
task<> handled_trivial() {
  auto t = begin_one();
  try {
    co_await t;
  } catch (...) {
  }
}
task<> handled_by_return() {
  auto t = load();
  try {
    check();
  } catch (const std::exception &) {
    co_return;
  } catch (...) {
  }
  co_await t;
}
task<> handled_twice() {
  auto t = load();
  try {
    try {
      check();
      if (stop()) throw 1;
    } catch (int) {
      throw;
    }
    co_await t;
  } catch (...) {
  }
}
task<> handled_in_a_loop(int n) {
  while (n-- > 0) {
    auto t = load();
    try {
      co_await t;
    } catch (...) {
      continue;
    }
    use(n);
  }
}
// A handler that the code after goes on from does not excuse the paths that no exception takes.
task<> without_exception(bool b) {
  auto t = load(); // finding: discarded-awaitable likely
  try {
    check();
  } catch (...) {
  }
  if (b) co_await t;
}
