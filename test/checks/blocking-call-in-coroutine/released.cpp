// RUN: %verify %s
// A pointer that was released, moved from or given away destroys nothing where its scope ends; one that still owns does.
#include "../Inputs/task.h"
#include <cstdio>
#include <memory>
#include <optional>
#include <thread>
#include <unistd.h>
#include <utility>

struct Slow {
  ~Slow() { ::usleep(1); } // finding: blocking-call-in-coroutine
};
struct Given {
  ~Given() { ::usleep(2); }
};
void keep(std::unique_ptr<Given>);
void keep_raw(Given *);
std::unique_ptr<Given> kept;
bool ready();
FILE *open_pipe();
int quick_close(FILE *);

// --- silent: given away on every way to the end ---
task<> released() {
  auto p = std::make_unique<Given>();
  keep_raw(p.release());
  co_await tick();
}
task<> moved() {
  auto p = std::make_unique<Given>();
  keep(std::move(p));
  co_await tick();
}
task<> moved_into_a_global() {
  auto p = std::make_unique<Given>();
  kept = std::move(p);
  co_await tick();
}
std::unique_ptr<Given> gives() {
  auto p = std::make_unique<Given>();
  return p;
}
task<> given_back() {
  kept = gives();
  co_await tick();
}
task<> released_on_both_ways() {
  auto p = std::make_unique<Given>();
  if (ready())
    keep(std::move(p));
  else
    keep_raw(p.release());
  co_await tick();
}
Given &made() {
  auto guard = std::make_unique<Given>();
  return *guard.release();
}
task<> by_a_helper() {
  made();
  co_await tick();
}
task<> given_away_if_there(bool c) {
  std::unique_ptr<Given> p;
  if (c)
    p = std::make_unique<Given>();
  if (p)
    keep(std::move(p));
  co_await tick();
}
task<> nothing_there_returns(std::unique_ptr<Given> p) {
  if (!p)
    co_return;
  keep(std::move(p));
  co_await tick();
}
task<> captured(void (*run)(void *)) {
  auto p = std::make_unique<Given>();
  auto f = [p = std::move(p)]() mutable { keep(std::move(p)); };
  run(&f);
  co_await tick();
}

// --- still owned ---
task<> owned() {
  auto p = std::make_unique<Slow>();
  co_await tick();
}
task<> in_an_optional() {
  std::optional<Slow> s;
  s.emplace();
  co_await tick();
}
struct SlowA {
  ~SlowA() { ::usleep(3); } // finding: blocking-call-in-coroutine
};
struct SlowB {
  ~SlowB() { ::usleep(4); } // finding: blocking-call-in-coroutine
};
struct SlowC {
  ~SlowC() { ::usleep(5); } // finding: blocking-call-in-coroutine
};
struct SlowD {
  ~SlowD() { ::usleep(6); } // finding: blocking-call-in-coroutine
};
struct SlowE {
  ~SlowE() { ::usleep(7); }
};
template <class T> void take(std::unique_ptr<T>);
task<> moved_on_one_way() {
  auto p = std::make_unique<SlowA>();
  if (ready())
    take(std::move(p));
  co_await tick();
}
task<> released_on_one_way(void (*take_raw)(SlowB *)) {
  auto p = std::make_unique<SlowB>();
  if (ready())
    take_raw(p.release());
  co_await tick();
}
task<> filled_again() {
  auto p = std::make_unique<SlowC>();
  take(std::move(p));
  p = std::make_unique<SlowC>();
  co_await tick();
}
task<> moved_in_the_next_round(int n) {
  while (n--) {
    auto p = std::make_unique<SlowD>();
    if (n == 3)
      take(std::move(p));
    co_await tick();
  }
}
task<> FN_a_parameter(std::unique_ptr<SlowE> p) { // what a coroutine was given ends with its frame: no operation of its body
  if (ready())
    take(std::move(p));
  co_await tick();
}
// Deleters run where the pointer ends, unless it points to nothing by then.
struct WaitsToDelete {
  void operator()(int *) const { ::usleep(20); } // finding: blocking-call-in-coroutine
};
struct NeverDeletes {
  void operator()(int *) const { ::usleep(21); }
};
void delete_slowly(int *) { ::usleep(22); } // finding: blocking-call-in-coroutine
task<> deleter_by_type(int *n) {
  std::unique_ptr<int, WaitsToDelete> p(n);
  co_await tick();
}
task<> deleter_released(int *n) {
  std::unique_ptr<int, NeverDeletes> p(n);
  p.release();
  co_await tick();
}
task<> deleter_by_value(int *n) {
  std::unique_ptr<int, void (*)(int *)> p(n, delete_slowly);
  co_await tick();
}
task<> deleter_of_a_shared_pointer(int *n) {
  std::shared_ptr<int> p(n, [](int *) { ::usleep(23); }); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> deleter_of_a_library() {
  std::unique_ptr<FILE, int (*)(FILE *)> p(open_pipe(), pclose);
  co_await tick();
} // finding: blocking-call-in-coroutine likely "pclose"
task<> deleter_that_closes() {
  std::unique_ptr<FILE, int (*)(FILE *)> p(open_pipe(), quick_close);
  co_await tick();
}
