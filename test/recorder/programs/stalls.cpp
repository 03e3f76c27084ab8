// Slices of a loop that are too long, computing and sleeping; and a long wait, which is none.
#include "coroutines.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <thread>

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;
Loop loop;
volatile unsigned sum;

[[gnu::noinline]] void compute(std::chrono::milliseconds time) {
  for (auto until = Clock::now() + time; Clock::now() < until;) {
    for (unsigned i = 0; i < 1000; ++i) sum = sum + i;
  }
}

Task co_computes() {
  for (int i = 0; i < 3; ++i) {
    co_await loop.turn();
    compute(300ms); // stall 3
  }
}
Task co_sleeps() {
  co_await loop.turn();
  auto begin = Clock::now();
  std::this_thread::sleep_for(400ms); // stall 1, block nanosleep|clock_nanosleep inside 1
  if (Clock::now() - begin < 400ms) std::abort(); // the sampling signal must not cut it short
}
Task co_is_quick() {
  bool late = false; // somebody else had the processor for so long
  auto before = Clock::now();
  for (int i = 0; i < 20; ++i) {
    co_await loop.turn();
    late = late || Clock::now() - before > 45ms;
    before = Clock::now();
    compute(5ms); // never
    late = late || Clock::now() - before > 45ms;
  }
  if (late) std::printf("late %d\n", __LINE__ - 3);
}

int main() {
  co_computes();
  loop.run();
  co_sleeps();
  loop.run();
  co_is_quick();
  loop.run();
  // Out of the loop for good: this is nobody's stall.
  timespec time{0, 400'000'000}, rest{};
  if (nanosleep(&time, &rest) != 0) std::abort();
}
