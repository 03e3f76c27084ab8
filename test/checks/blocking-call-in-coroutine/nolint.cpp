// NOLINT stands where the finding does: at the call that blocks, for every coroutine that reaches it.
// RUN: %verify %s
// RUN: %exits 0 %tenterhook check -q --format json %s -- -std=c++20 | FileCheck %s
// CHECK: "suppressed": 5,
#include "../Inputs/task.h"
#include <thread>
using namespace std::chrono_literals;

void helper() { std::this_thread::sleep_for(1s); } // NOLINT(tenterhook-blocking-call-in-coroutine): measured
task<> one() {
  helper();
  co_await tick();
}
task<> two() {
  helper();
  std::this_thread::sleep_for(1s); // NOLINT
  co_await tick();
  // NOLINTNEXTLINE(tenterhook-*)
  std::this_thread::sleep_for(1s);
  // NOLINTBEGIN(tenterhook-blocking-call-in-coroutine)
  std::this_thread::sleep_for(1s);
  std::this_thread::sleep_for(1s);
  // NOLINTEND(tenterhook-blocking-call-in-coroutine)
}
