// One way awaits the task on the loop, and this run takes the other one, which hands it to a pool: it blocks a worker,
// which is what workers are for.
#include "rt.h"

static task<> compress() {
  co_await tenterhook::yield();
  usleep(100'000); // verdict: blocking-call-in-coroutine contradicted "on a pool's worker"
}

static task<> session(tenterhook::thread_pool &pool, bool large) {
  if (large) {
    auto compressed = tenterhook::spawn(compress(), pool);
    co_await compressed;
  } else {
    co_await compress();
  }
}

int main() {
  tenterhook::thread_pool pool(1);
  tenterhook::event_loop loop;
  loop.run_until_complete(session(pool, opaque(true)));
}
