// A task sleeps with the thread of its loop: the sleep is an event at the finding's line, below the task, on the loop's
// thread.
// builds: clang-O1 clang-O0 gcc-O2
#include "rt.h"

static task<> session() {
  co_await sleep_for(1ms);
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(session());
}
