// Functions that give a task without being coroutines: their own work is done by who calls them.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <future>
#include <thread>
using namespace std::chrono_literals;

task<> inner() { co_await tick(); }
task<> blocks_and_forwards() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine "coroutine 'awaits_the_wrapper'"
  return inner();
}
task<> awaits_the_wrapper() { co_await blocks_and_forwards(); }

// A coroutine whose body blocks, created here but awaited elsewhere: it blocks where it runs, once.
task<> lazy() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine "coroutine 'lazy'"
  co_await tick();
}
task<> creates_and_awaits() {
  auto t = lazy();
  co_await std::move(t);
}

// Waiting for what a thread computes, in one expression.
task<> computed_at_once() {
  use(std::async(std::launch::async, [] { return 1; }).get()); // finding: blocking-call-in-coroutine "std::future::get"
  co_await tick();
}
task<> computed_then_read() {
  auto future = std::async(std::launch::async, [] { return 1; });
  co_await tick();
  use(future.get()); // finding: blocking-call-in-coroutine "std::future::get"
}
task<> packaged() {
  std::packaged_task<int()> work([] {
    std::this_thread::sleep_for(1s);
    return 1;
  });
  auto future = work.get_future();
  std::thread(std::move(work)).detach();
  co_await tick();
}
