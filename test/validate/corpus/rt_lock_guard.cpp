// A std::lock_guard lives across the await of a timer; the loop goes back to its wait with the lock.
// builds: clang-O1 clang-O0 gcc-O2
#include "rt.h"

static std::mutex table_mutex;

static task<> update() {
  std::lock_guard guard(table_mutex);
  co_await sleep_for(3ms); // verdict: lock-across-await confirmed "went back to its loop"
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(update());
}
