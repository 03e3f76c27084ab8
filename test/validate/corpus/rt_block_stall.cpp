// As rt_block_runtime_only, with a sleep long enough to be a stall: the runtime tells that this coroutine kept its
// loop, but not in which call, since nobody takes the stack of a thread that sleeps.
// evidence: runtime
#include "rt.h"

static task<> session() {
  co_await sleep_for(1ms);
  usleep(200'000); // verdict: blocking-call-in-coroutine inconclusive "in which call is not in the trace"
}

int main() {
  tenterhook::event_loop loop({.slow_threshold = 100ms, .on_slow = [](const tenterhook::slow_callback &) {}});
  loop.run_until_complete(session());
}
