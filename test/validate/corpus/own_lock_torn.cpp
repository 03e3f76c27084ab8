// The trace was torn: what is not in it may have happened.
// damage: torn
#include "own.h"

static std::mutex mutex;

static own::task update(own::loop &loop, bool careful) {
  std::unique_lock lock(mutex, std::defer_lock);
  if (careful)
    lock.lock();
  co_await loop.sleep(2ms); // verdict: lock-across-await inconclusive "totals were lost"
}

int main() {
  own::loop loop;
  loop.run(update(loop, own::opaque(false)));
}
