// std::async(std::launch::deferred, …) runs in get(), or never: dropping its future waits for nothing.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <future>
#include <unistd.h>

void slow();
task<> never_run() {
  std::async(std::launch::deferred, slow);
  auto kept = std::async(std::launch::deferred, slow);
  co_await tick();
}
task<> run_in_get() {
  auto kept = std::async(std::launch::deferred, slow);
  kept.get(); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> started() {
  std::async(std::launch::async, slow); // finding: blocking-call-in-coroutine "waits for the task"
  co_await tick();
}
task<> started_perhaps() {
  std::async(slow); // finding: blocking-call-in-coroutine
  std::async(std::launch::async | std::launch::deferred, slow); // finding: blocking-call-in-coroutine
  co_await tick();
}
