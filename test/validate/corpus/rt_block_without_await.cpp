// A task that never awaits anything sleeps with the thread of its loop. run_until_complete() runs all that is on the loop,
// not this task alone.
#include "rt.h"

static task<> session() {
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
  co_return;
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(session());
}
