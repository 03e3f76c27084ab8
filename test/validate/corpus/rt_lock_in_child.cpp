// The lock is held while an awaited task runs, and only that one suspends for long. Awaiting it is a suspension
// already.
// evidence: runtime
#include "rt.h"

static tenterhook::mutex table_mutex;

static task<> flush() { co_await sleep_for(2ms); }

static task<> update() {
  std::lock_guard guard(table_mutex);
  co_await flush(); // verdict: lock-across-await confirmed "with the lock held"
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(update());
}
