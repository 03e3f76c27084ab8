// RUN: %verify %s
// Instances of a template over closures, and classes in instances of a function, are different classes, however alike
// they look: what one runs, the other does not.
#include "../Inputs/task.h"
#include <functional>
#include <unistd.h>
#include <utility>

template <class F> struct AtEnd {
  explicit AtEnd(F f) : f(std::move(f)) {}
  ~AtEnd() { f(); }
  F f;
};
template <class F> AtEnd(F) -> AtEnd<F>;
template <class F> void at_once(F f) { f(); }
template <class F> AtEnd<F> at_end(F f) { return AtEnd<F>(std::move(f)); }
template <class F> struct Twice { // an instance over an instance
  AtEnd<F> first, second;
  explicit Twice(F f) : first(f), second(f) {}
};
#define AT_END(...) AtEnd ends{[&] { __VA_ARGS__; }}

// --- slow elsewhere, quick in a coroutine: silent ---------------------------------------------------------------
void slow_elsewhere() {
  AtEnd one([] { ::usleep(1); });
  at_once([] { ::usleep(2); });
  auto two = at_end([] { ::usleep(3); });
  Twice three([] { ::usleep(4); });
  AT_END(::usleep(5));
}
task<> quick(int &n) {
  AtEnd count([&n] { ++n; });
  co_await tick();
}
task<> quick_at_once(int &n) {
  co_await tick();
  at_once([&n] { ++n; });
}
task<> quick_by_a_maker(int &n) {
  auto count = at_end([&n] { ++n; });
  co_await tick();
}
task<> quick_twice(int &n) {
  Twice count([&n] { ++n; });
  co_await tick();
}
task<> quick_by_a_macro(int &n) {
  AT_END(++n);
  co_await tick();
}
void one_line() { AtEnd slow([] { ::usleep(6); }); int n = 0; AtEnd count([&n] { ++n; }); }

// --- quick elsewhere, slow in a coroutine -------------------------------------------------------------------------
void quick_elsewhere(int &n) { AtEnd count([&n] { ++n; }); }
task<> slow() {
  AtEnd wait([] { ::usleep(10); }); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> slow_at_once() {
  co_await tick();
  at_once([] { ::usleep(11); }); // finding: blocking-call-in-coroutine
}
task<> slow_by_a_maker() {
  auto wait = at_end([] { ::usleep(12); }); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> slow_by_a_macro() {
  AT_END(::usleep(13)); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> both_in_one_function(int &n) {
  AtEnd count([&n] { ++n; });
  AtEnd wait([] { ::usleep(14); }); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> on_one_line(int &n) {
  AtEnd count([&n] { ++n; }); AtEnd wait([] { ::usleep(15); }); // finding: blocking-call-in-coroutine
  co_await tick();
}

// --- classes and lambdas of function instances --------------------------------------------------------------------
template <int Microseconds> int after() {
  struct Local {
    int f() {
      if constexpr (Microseconds > 0)
        ::usleep(Microseconds); // finding: blocking-call-in-coroutine
      return 1;
    }
  };
  return Local().f();
}
task<> no_wait() {
  co_await tick();
  after<0>();
}
task<> some_wait() {
  co_await tick();
  after<16>();
}
template <class T> void in_template(T value) {
  AtEnd ends([&value] { value(); });
}
void slow_value() {
  in_template([] { ::usleep(17); });
}
task<> quick_value(int &n) {
  co_await tick();
  in_template([&n] { ++n; });
}
void generic_elsewhere() {
  auto run = [](auto f) { f(); };
  run([] { ::usleep(18); });
}
task<> generic_here(int &n) {
  auto run = [](auto f) { f(); };
  co_await tick();
  run([&n] { ++n; });
}
struct Member {
  AtEnd<std::function<void()>> kept{[] {}};
};
task<> of_a_member() {
  Member m;
  co_await tick();
}
