// Sleeping: the standard library's and POSIX's forms.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <thread>
#include <threads.h>
#include <time.h>
#include <unistd.h>
using namespace std::chrono_literals;

task<> standard(std::chrono::seconds for_how_long) {
  std::this_thread::sleep_for(for_how_long);                              // finding: blocking-call-in-coroutine "Await a timer of the event loop"
  std::this_thread::sleep_until(std::chrono::steady_clock::now() + 1s);   // finding: blocking-call-in-coroutine
  co_await tick();
}

task<> posix(timespec time) {
  sleep(1);                                          // finding: blocking-call-in-coroutine "sleeps"
  ::usleep(10);                                      // finding: blocking-call-in-coroutine
  nanosleep(&time, nullptr);                         // finding: blocking-call-in-coroutine
  clock_nanosleep(CLOCK_MONOTONIC, 0, &time, nullptr); // finding: blocking-call-in-coroutine
  thrd_sleep(&time, nullptr);                        // finding: blocking-call-in-coroutine
  co_await tick();
}

// Zero is a way to yield.
task<> zero() {
  std::this_thread::sleep_for(0s);
  std::this_thread::sleep_for(std::chrono::milliseconds(0));
  std::this_thread::yield();
  sleep(0);
  usleep(0);
  constexpr auto none = 0ms;
  std::this_thread::sleep_for(none);
  co_await tick();
}

// Another function of that name.
namespace mine {
void sleep(int) {}
awaitable<> usleep(int);
struct Timer {
  awaitable<> sleep();
  awaitable<> sleep_for(std::chrono::seconds);
  void wait() {}
};
} // namespace mine
task<> own_functions(mine::Timer &timer) {
  mine::sleep(1);
  co_await mine::usleep(1);
  co_await timer.sleep();
  co_await timer.sleep_for(1s);
  timer.wait();
  auto later = timer.sleep();
  co_await later;
}
