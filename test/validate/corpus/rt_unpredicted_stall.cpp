// A task computes for 200 ms. Computing is not among the default classes of blocking-call.
#include "rt.h"

static unsigned crunch() {
  auto end = std::chrono::steady_clock::now() + 200ms;
  volatile unsigned work = 0;
  while (std::chrono::steady_clock::now() < end)
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
