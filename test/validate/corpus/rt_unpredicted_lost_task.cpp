// Tasks are put into a list that nobody runs. The list is used, so the check is silent; the run shows that they never
// start.
// evidence: runtime
#include "rt.h"

static task<> notify(int) { co_await sleep_for(1ms); }

static task<> session() {
  std::vector<task<>> later;
  for (int i = 0; i < 3; ++i)
    later.push_back(notify(i)); // unpredicted: lost-task
  co_await sleep_for(1ms);
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(session());
}
