// As rt_lock_released, but one time of three it takes the bad way. Once is enough.
#include "rt.h"

static std::mutex mutex;

static task<> update(unsigned careless) {
  for (unsigned i = 0; i < 3; ++i) {
    std::unique_lock lock(mutex);
    if (i != careless)
      lock.unlock();
    co_await sleep_for(1ms); // verdict: lock-across-await confirmed "once"
  }
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(update(opaque(true)));
}
