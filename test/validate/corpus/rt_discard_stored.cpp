// A task is stored and forgotten, three times.
// evidence: runtime
#include "rt.h"

static task<> notify(int) { co_await sleep_for(1ms); }

static task<> session() {
  for (int i = 0; i < 3; ++i) {
    [[maybe_unused]] auto later = notify(i); // verdict: discarded-awaitable confirmed "of 3 made here, 3 were lost"
    co_await sleep_for(1ms);
  }
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(session());
}
