// The recorder's trace has the runtime's events in it.
#include "rt.h"

static task<> notify() { co_await sleep_for(1ms); }

static task<> session() {
  notify(); // verdict: discarded-awaitable confirmed "destroyed unstarted"
  co_await sleep_for(1ms);
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(session());
}
