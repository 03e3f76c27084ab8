// On a pool there is no loop whose wait would show the lock; the suspension does.
// evidence: runtime
#include "rt.h"

static tenterhook::mutex mutex;

static task<> update() {
  std::unique_lock lock(mutex);
  co_await tenterhook::yield(); // verdict: lock-across-await confirmed "with the lock held"
  lock.unlock();
}
static task<> session(tenterhook::thread_pool &pool) {
  auto updated = tenterhook::spawn(update(), pool);
  co_await updated;
}

int main() {
  tenterhook::thread_pool pool(1);
  tenterhook::event_loop loop;
  loop.run_until_complete(session(pool));
}
