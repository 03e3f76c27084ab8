// Tasks are put into a list that nobody runs, and the list goes: they never start.
// evidence: runtime
#include "rt.h"

static task<> notify(int) { co_await sleep_for(1ms); }

static task<> session() {
  std::vector<task<>> later;
  for (int i = 0; i < 3; ++i)
    later.push_back(notify(i)); // verdict: discarded-awaitable confirmed "of 3 made here, 3 were lost: destroyed unstarted"
  co_await sleep_for(1ms);
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(session());
}
