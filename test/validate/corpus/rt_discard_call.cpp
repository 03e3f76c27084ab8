// A lazy task is made and dropped: it is destroyed before it started. Who made it is found through inlined ramps as
// well.
// builds: clang-O1 clang-O0 clang-O2 gcc-O0 gcc-O2
// evidence: runtime
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
