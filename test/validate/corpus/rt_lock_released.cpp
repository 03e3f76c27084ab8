// One way keeps the lock, and this run takes the other one every time. The runtime tells of each suspension at the
// await, and the recorder of each lock: both were reached, never together.
// evidence: recorder
#include "rt.h"

static std::mutex mutex;

static task<> update(bool careful) {
  for (int i = 0; i < 3; ++i) {
    std::unique_lock lock(mutex);
    if (careful)
      lock.unlock();
    co_await sleep_for(1ms); // verdict: lock-across-await contradicted "not held at any suspension"
  }
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(update(opaque(true)));
}
