// A task computes for 300 ms of its own time, all on one line: a thread on a busy machine is most often halted at a
// system call, which asking for the time is. Computing is not among the default classes of blocking-call.
// stall: 100ms
#include "rt.h"
#include <ctime>

static unsigned crunch() {
  volatile unsigned work = 0;
  for (auto end = clock() + 300'000; clock() < end;) for (int i = 0; i < 1'000'000; ++i) work = work + 1; // unpredicted: stall
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
