// Calls through values run what takes as many arguments as they give, whatever else is kept in the same place.
// RUN: %verify %s --checks blocking-call-in-coroutine
#include "../Inputs/task.h"
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <unistd.h>
#include <utility>
#include <vector>

struct connection {
  std::shared_ptr<int> raw{new int, [](int *p) { ::usleep(7); delete p; }};
};
using connection_ptr = std::shared_ptr<connection>;
static std::map<std::shared_ptr<int>, std::function<void()>> closers;
void registers() {
  std::shared_ptr<int> key(new int, [](int *p) { ::usleep(8); delete p; });
  closers.emplace(std::move(key), [] {});
}
task<> closes_one(std::shared_ptr<int> key) {
  closers[key]();
  co_await tick();
}

static std::vector<std::pair<std::function<void(int)>, std::function<void()>>> both_kinds;
void registers_pairs() {
  both_kinds.push_back({[](int n) { ::usleep(n); }, [] {}});
}
task<> calls_the_second() {
  for (auto &[with, without] : both_kinds)
    without();
  co_await tick();
}

static std::vector<std::pair<std::function<void(int)>, std::function<void()>>> other_pairs;
void registers_others() {
  other_pairs.push_back({[](int n) { ::usleep(n); }, [] {}}); // finding: blocking-call-in-coroutine
}
task<> calls_the_first() {
  for (auto &[with, without] : other_pairs)
    with(3);
  co_await tick();
}

// As many as were not bound before.
static std::vector<std::function<void()>> bound;
static void waits(int n) { ::usleep(n); } // finding: blocking-call-in-coroutine
struct worker {
  void waits_itself(int n) { ::usleep(n); } // finding: blocking-call-in-coroutine
};
void binds(worker &w) {
  bound.push_back(std::bind(waits, 3));
  bound.push_back(std::bind(&worker::waits_itself, &w, 3));
  bound.push_back(std::bind_front([](int n) { ::usleep(n); }, 3)); // finding: blocking-call-in-coroutine
}
task<> calls_bound() {
  for (auto &f : bound)
    f();
  co_await tick();
}

// Default arguments, variadic functions, instances of generic lambdas, function objects.
struct counts {
  void operator()(int n, int more = 1) const { ::usleep(n + more); } // finding: blocking-call-in-coroutine
};
static std::vector<std::function<void(int)>> others;
static int prints(const char *, ...) { return ::usleep(3); } // finding: blocking-call-in-coroutine
static int (*print)(const char *, ...) = prints;
void registers_more() {
  others.push_back([](int n, bool twice = false) { ::usleep(n * (twice ? 2 : 1)); }); // finding: blocking-call-in-coroutine
  others.push_back([](auto n) { ::usleep(n); }); // finding: blocking-call-in-coroutine
  others.push_back([](auto... n) { ::usleep((n + ...)); }); // finding: blocking-call-in-coroutine
  others.push_back([](...) { ::usleep(4); }); // finding: blocking-call-in-coroutine
  others.push_back(counts{});
}
task<> calls_more() {
  for (auto &f : others)
    f(3);
  print("%d %d", 1, 2);
  co_await tick();
}

// (object.*method)(argument)
struct commands {
  void slow(int n) { ::usleep(n); } // finding: blocking-call-in-coroutine
  void (commands::*which)(int) = &commands::slow;
};
task<> calls_a_member(commands &c) {
  (c.*c.which)(3);
  co_await tick();
}
