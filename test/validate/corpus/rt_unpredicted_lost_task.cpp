// Tasks are put into a list that nobody runs. Others may know the list, so the check is silent; the run shows that they
// never start.
// evidence: runtime
#include "rt.h"

static void *volatile shelf;
static task<> notify(int) { co_await sleep_for(1ms); }

static task<> session() {
  std::vector<task<>> later;
  for (int i = 0; i < 3; ++i)
    later.push_back(notify(i)); // unpredicted: lost-task
  shelf = &later;
  co_await sleep_for(1ms);
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(session());
}
