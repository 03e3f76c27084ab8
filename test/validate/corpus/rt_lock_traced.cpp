// A lock of the runtime: its trace tells of the suspension itself, without a recorder.
// builds: clang-O1 gcc-O2
// evidence: runtime
#include "rt.h"

static tenterhook::mutex table_mutex;

static task<> update() {
  std::lock_guard guard(table_mutex);
  co_await sleep_for(3ms); // verdict: lock-across-await confirmed "with the lock held"
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(update());
}
