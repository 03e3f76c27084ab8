// Code that macros write is found where a person wrote the macro.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <future>
#include <thread>

#define BACK_OFF() std::this_thread::sleep_for(std::chrono::seconds(1))
#define HELPER(name) \
  void name() { BACK_OFF(); }
#define REQUIRE(x) ((x) ? void() : use(1))

task<> uses_a_macro() {
  BACK_OFF(); // finding: blocking-call-in-coroutine
  co_await tick();
}
HELPER(slow) // finding: blocking-call-in-coroutine
task<> uses_a_generated_function() {
  slow();
  co_await tick();
}
task<> as_a_macro_argument(std::future<bool> f) {
  REQUIRE(f.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}
