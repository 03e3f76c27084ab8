// A std::mutex is not in a trace of the runtime: it saw the suspension, but not whether the lock was held.
// evidence: runtime
#include "rt.h"

static std::mutex mutex;

static task<> update() {
  std::lock_guard guard(mutex);
  co_await sleep_for(3ms); // verdict: lock-across-await inconclusive "sees only locks of the runtime"
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(update());
}
