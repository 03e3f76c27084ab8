// Of two awaits under the lock, only the second suspends.
#include "own.h"

static std::mutex mutex;

static own::task update(own::loop &loop) {
  std::lock_guard guard(mutex);
  // verdict: lock-across-await confirmed "went back to its loop"
  co_await own::maybe_ready{loop, own::opaque(true)};
  co_await loop.sleep(3ms);
}

int main() {
  own::loop loop;
  loop.run(update(loop));
}
