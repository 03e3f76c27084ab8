// A task waits for a pool's result with get() in place of co_await: the runtime tells how long, and that it was on a
// loop.
// evidence: runtime
#include "rt.h"

static int slow_answer() {
  usleep(200'000);
  return 42;
}

static task<> ask(tenterhook::thread_pool &pool) {
  co_await sleep_for(1ms);
  auto answer = pool.submit(slow_answer);
  if (answer.get() != 42) // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
    std::abort();
}

int main() {
  tenterhook::thread_pool pool(1);
  tenterhook::event_loop loop;
  loop.run_until_complete(ask(pool));
}
