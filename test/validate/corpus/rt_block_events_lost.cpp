// As rt_block_on_pool, and then hundreds of thousands of awaits in a row, which no trace keeps up with: what is lost
// may have been a call on the loop. The fate of tasks whose events are lost is unknown as well, and no reason to call
// them lost.
#include "rt.h"

static task<> compress() {
  co_await tenterhook::yield();
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "events were lost"
}
static task<> nothing() { co_return; }

static task<> session(tenterhook::thread_pool &pool, bool large) {
  if (large) {
    auto compressed = tenterhook::spawn(compress(), pool);
    co_await compressed;
  } else {
    co_await compress();
  }
  for (int i = 0; i < 300'000; ++i)
    co_await nothing();
}

int main() {
  tenterhook::thread_pool pool(1);
  tenterhook::event_loop loop({.slow_threshold = 10s});
  loop.run_until_complete(session(pool, opaque(true)));
}
