// A task that never awaits anything and sleeps on its loop. Right would be a finding, and confirmed:
// run_until_complete() runs a loop for others as well. The analyzer takes it for a function that drives its task alone,
// and calls the finding possible, which is not shown.
#include "rt.h"

static task<> session() {
  usleep(20'000); // unpredicted: blocking-call
  co_return;
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(session());
}
