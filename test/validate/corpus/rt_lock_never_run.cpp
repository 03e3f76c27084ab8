// The task with the lock is never made.
#include "rt.h"

static std::mutex mutex;

static task<> update() {
  std::lock_guard guard(mutex);
  co_await sleep_for(3ms); // verdict: lock-across-await not exercised "the lock was taken 0 times"
}
static task<> nothing() { co_return; }

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(opaque(false) ? update() : nothing());
}
