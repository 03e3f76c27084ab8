// The sleep is long enough to be a stall as well, of which the recorder's watchdog and the runtime tell: all of it is
// one finding.
// stall: 100ms
#include "rt.h"

static task<> session() {
  co_await sleep_for(1ms);
  usleep(200'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
}

int main() {
  tenterhook::event_loop loop({.slow_threshold = 100ms, .on_slow = [](const tenterhook::slow_callback &) {}});
  loop.run_until_complete(session());
}
