// What is dropped is an awaiter and not a task; it has no identity in a trace.
// evidence: runtime
#include "rt.h"

static task<> session() {
  sleep_for(5ms); // verdict: discarded-awaitable inconclusive "tenterhook::task only"
  co_await sleep_for(1ms);
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(session());
}
