// Lambdas: called here, handed to something that calls them, or kept for later.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <algorithm>
#include <thread>
#include <vector>
using namespace std::chrono_literals;

void leaf() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine "lambda in"

task<> immediately_invoked() {
  [] { std::this_thread::sleep_for(1s); }(); // finding: blocking-call-in-coroutine
  co_await tick();
}

task<> stored_in_auto() {
  auto wait = [] { leaf(); };
  wait();
  co_await tick();
}

task<> with_captures(int n) {
  auto wait = [&n] { std::this_thread::sleep_for(std::chrono::seconds(n)); }; // finding: blocking-call-in-coroutine
  wait();
  co_await tick();
}

task<> nested() {
  auto outer = [] {
    auto inner = [] { std::this_thread::sleep_for(1s); }; // finding: blocking-call-in-coroutine
    inner();
  };
  outer();
  co_await tick();
}

task<> algorithms(std::vector<int> v) {
  std::for_each(v.begin(), v.end(), [](int) { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine
  std::sort(v.begin(), v.end(), [](int a, int b) {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
    return a < b;
  });
  auto named = [](int) {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
    return true;
  };
  use(std::any_of(v.begin(), v.end(), named));
  co_await tick();
}

task<> generic() {
  auto wait = [](auto duration) { std::this_thread::sleep_for(duration); }; // finding: blocking-call-in-coroutine
  wait(1s);
  wait(1ms);
  co_await tick();
}

template <typename F> void twice(F f) { f(), f(); }
template <typename F> void forwards(F &&f) { twice(std::forward<F>(f)); }
task<> through_templates() {
  twice([] { std::this_thread::sleep_for(1s); });    // finding: blocking-call-in-coroutine
  forwards([] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine
  co_await tick();
}

task<> lambda_coroutine() {
  auto child = []() -> task<> {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine "coroutine lambda in"
    co_await tick();
  };
  co_await child();
}

struct Object {
  task<> member() {
    auto wait = [this] { block(); };
    wait();
    co_await tick();
  }
  void block() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
};

// Written, never called.
task<> not_called() {
  auto wait = [] { std::this_thread::sleep_for(1s); };
  (void)wait;
  co_await tick();
}
template <typename F> void ignores(F) {}
task<> given_and_ignored() {
  ignores([] { std::this_thread::sleep_for(1s); });
  co_await tick();
}
// Called by others than coroutines.
void synchronous() {
  auto wait = [] { std::this_thread::sleep_for(1s); };
  wait();
}
