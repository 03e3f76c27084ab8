// usleep is libc's: a trace of the runtime alone does not see it, so its silence proves nothing. (The slice is too
// short for a stall of this loop.)
// evidence: runtime
#include "rt.h"

static task<> session() {
  co_await sleep_for(1ms);
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "nothing here counts"
}

int main() {
  tenterhook::event_loop loop({.slow_threshold = 10s});
  loop.run_until_complete(session());
}
