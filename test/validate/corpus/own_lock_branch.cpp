// The lock is taken in a branch that the run does not take.
#include "own.h"

static std::mutex mutex;

static own::task update(own::loop &loop, bool careful) {
  std::unique_lock lock(mutex, std::defer_lock);
  if (careful)
    lock.lock();
  co_await loop.sleep(2ms); // verdict: lock-across-await not exercised "the lock was taken 0 times"
}

int main() {
  own::loop loop;
  loop.run(update(loop, own::opaque(false)));
}
