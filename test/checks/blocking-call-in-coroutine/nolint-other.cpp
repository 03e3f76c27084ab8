// NOLINT of another check, or at another place, does not hide a finding.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <thread>
using namespace std::chrono_literals;

void helper() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
task<> one() {
  helper(); // NOLINT(tenterhook-blocking-call-in-coroutine)
  co_await tick();
}
task<> two() {
  std::this_thread::sleep_for(1s); // NOLINT(bugprone-*) // finding: blocking-call-in-coroutine
  co_await tick();
}
