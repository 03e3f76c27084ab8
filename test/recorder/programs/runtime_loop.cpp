// A loop of tenterhook::runtime that is kept by computing and by sleeping, twice each, before its first wait and after; and
// which then waits on purpose. Linked with the runtime, and (with SHARED) with a library that holds another copy of it.
#include <tenterhook/event_loop.h>
#include <tenterhook/sleep.h>

#include <chrono>
#include <unistd.h>

using namespace std::chrono_literals;
using tenterhook::task;

volatile unsigned long sum;

[[gnu::noinline]] void compute() {
  for (auto until = std::chrono::steady_clock::now() + 300ms; std::chrono::steady_clock::now() < until;) sum = sum + 1;
}
[[gnu::noinline]] void doze() {
  usleep(300'000);
  sum = sum + 1; // so that the call above is no jump
}

task<void> co_kept() {
  compute();
  co_await tenterhook::sleep_for(1ms);
  doze();
  co_await tenterhook::sleep_for(1ms);
  compute();
  co_await tenterhook::yield();
  doze();
  co_await tenterhook::sleep_for(400ms); // nobody is kept
}

#ifdef SHARED
extern "C" void run_in_library();
#endif

#ifdef LIBRARY
extern "C" void run_in_library() {
#else
int main() {
#ifdef SHARED
  run_in_library();
#endif
#endif
  tenterhook::event_loop_options options;
  options.slow_threshold = 150ms;
  options.on_slow = [](const tenterhook::slow_callback &) {};
  tenterhook::event_loop(options).run_until_complete(co_kept());
}
