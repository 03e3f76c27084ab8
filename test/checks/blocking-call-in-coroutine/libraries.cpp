// Code of libraries is passed through, never reported: the finding stands at the last call that the project wrote.
// RUN: %verify %s --config %S/Inputs/third-party.yaml -- -I%S/Inputs/third_party -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <vendor.h>

task<> calls_into_the_library() {
  vendor::load(); // finding: blocking-call-in-coroutine "'std::this_thread::sleep_for' sleeps" "calls 'vendor::detail::wait'"
  co_await tick();
}
void helper() { vendor::load(); } // finding: blocking-call-in-coroutine "calls 'vendor::load'"
task<> calls_a_helper() {
  helper();
  co_await tick();
}
task<> gives_a_callback() {
  vendor::for_each([] { std::this_thread::sleep_for(std::chrono::seconds(1)); }); // finding: blocking-call-in-coroutine
  co_await tick();
}
// The library's own coroutine is its own affair.
task<> awaits_the_library() { co_await vendor::poll(); }
