// What the code says of its own functions: [[clang::blocking]], [[clang::nonblocking]], tenterhook's annotations.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <thread>

int parse_all() [[clang::blocking]];
[[clang::annotate("tenterhook::blocking")]] int compute();
struct Codec {
  void encode() [[clang::blocking]];
  [[clang::annotate("tenterhook::blocking")]] static void decode();
};
task<> calls_them(Codec codec) {
  use(parse_all()); // finding: blocking-call-in-coroutine "'parse_all' runs a function that is declared blocking"
  use(compute());   // finding: blocking-call-in-coroutine
  codec.encode();   // finding: blocking-call-in-coroutine
  Codec::decode();  // finding: blocking-call-in-coroutine
  co_await tick();
}

// The declaration says it, the definition stands elsewhere (here: below).
[[clang::annotate("tenterhook::blocking")]] void declared();
task<> calls_the_declared() {
  declared(); // finding: blocking-call-in-coroutine
  co_await tick();
}
void declared() {}

void through_a_helper() { compute(); } // finding: blocking-call-in-coroutine
task<> calls_the_helper() {
  through_a_helper();
  co_await tick();
}

// Declared not to block, whatever the body does.
void wakes_up_soon() noexcept [[clang::nonblocking]];
[[clang::annotate("tenterhook::nonblocking")]] void fast_path() { std::this_thread::sleep_for(std::chrono::seconds(1)); }
void beneath() { std::this_thread::sleep_for(std::chrono::seconds(1)); }
[[clang::annotate("tenterhook::nonblocking")]] void above() { beneath(); }
struct Cache {
  [[clang::annotate("tenterhook::nonblocking")]] void load() { beneath(); }
};
task<> calls_declared_nonblocking(Cache cache) {
  wakes_up_soon();
  fast_path();
  above();
  cache.load();
  co_await tick();
}

// A coroutine that says so itself.
[[clang::annotate("tenterhook::nonblocking")]] task<> vouched_for() {
  beneath();
  co_await tick();
}
