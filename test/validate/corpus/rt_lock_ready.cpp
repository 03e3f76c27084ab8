// The future that is awaited under the lock is ready every time, so nothing suspends; another run may.
#include "rt.h"

static std::mutex mutex;

static task<> update() {
  for (int i = 0; i < 3; ++i) {
    auto ready = tenterhook::make_ready(i);
    std::lock_guard guard(mutex);
    // verdict: lock-across-await inconclusive "an await that does not suspend leaves no event"
    co_await std::move(ready);
  }
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(update());
}
