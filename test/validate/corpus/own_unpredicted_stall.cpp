// A coroutine computes for 300 ms.
// stall: 100ms
#include "own.h"
#include <ctime>

static std::chrono::nanoseconds cpu_time() { // of this thread: what a busy machine takes away does not count
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

static own::task crunch(own::loop &loop) {
  co_await loop.sleep(1ms);
  auto end = cpu_time() + 300ms;
  volatile unsigned work = 0;
  while (cpu_time() < end)
    for (int i = 0; i < 1'000'000; ++i) work = work + 1; // unpredicted: stall
  co_await loop.sleep(1ms);
}

int main() {
  own::loop loop;
  loop.run(crunch(loop));
}
