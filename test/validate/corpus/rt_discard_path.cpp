// One way forgets the task, and this run takes it once of three times.
// evidence: runtime
#include "rt.h"

static task<int> load(int i) {
  co_await sleep_for(1ms);
  co_return i;
}

static task<int> session(int forget) {
  int sum = 0;
  for (int i = 0; i < 3; ++i) {
    auto loaded = load(i); // verdict: discarded-awaitable confirmed "of 3 made here, 1 was lost"
    if (i != forget)
      sum += co_await std::move(loaded);
  }
  co_return sum;
}

int main() {
  tenterhook::event_loop loop;
  return loop.run_until_complete(session(opaque(true))) == 2 ? 0 : 1;
}
