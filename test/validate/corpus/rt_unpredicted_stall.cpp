// A task computes for 300 ms. Computing is not among the default classes of blocking-call.
// stall: 100ms
#include "rt.h"
#include <ctime>

static std::chrono::nanoseconds cpu_time() { // of this thread: what a busy machine takes away does not count
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

static unsigned crunch() {
  auto end = cpu_time() + 300ms;
  volatile unsigned work = 0;
  while (cpu_time() < end)
    for (int i = 0; i < 1'000'000; ++i) work = work + 1; // unpredicted: stall
  return work;
}

static task<> session() {
  co_await sleep_for(1ms);
  if (crunch() == 0)
    std::abort();
  co_await sleep_for(1ms);
}

int main() {
  tenterhook::event_loop loop({.slow_threshold = 100ms, .on_slow = [](const tenterhook::slow_callback &) {}});
  loop.run_until_complete(session());
}
