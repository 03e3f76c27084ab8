// As rt_discard_branch, but the trace is torn: the branch may have been taken in what is missing.
// evidence: runtime
// damage: torn
#include "rt.h"

static task<> notify() { co_await sleep_for(1ms); }

static task<> session(bool late) {
  if (late)
    notify(); // verdict: discarded-awaitable inconclusive "events were lost"
  co_await sleep_for(1ms);
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(session(opaque(false)));
}
