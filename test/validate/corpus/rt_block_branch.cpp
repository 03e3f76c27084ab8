// The branch that sleeps is not taken.
#include "rt.h"

static task<> session(bool slow) {
  co_await sleep_for(1ms);
  if (slow)
    usleep(100'000); // verdict: blocking-call-in-coroutine not exercised "reached 0 times"
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(session(opaque(false)));
}
