// The branch that forgets a task is not taken, and the trace tells of all tasks.
// evidence: runtime
#include "rt.h"

static task<> notify() { co_await sleep_for(1ms); }

static task<> session(bool late) {
  if (late)
    notify(); // verdict: discarded-awaitable not exercised "reached 0 times"
  co_await sleep_for(1ms);
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(session(opaque(false)));
}
