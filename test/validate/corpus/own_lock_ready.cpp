// The awaited is always ready in this run. That leaves no event, so nothing is proved.
#include "own.h"

static std::mutex mutex;

static own::task update(own::loop &loop, bool ready) {
  for (int i = 0; i < 3; ++i) {
    std::lock_guard guard(mutex);
    // verdict: lock-across-await inconclusive "an await that does not suspend leaves no event"
    co_await own::maybe_ready{loop, ready};
  }
}

int main() {
  own::loop loop;
  loop.run(update(loop, own::opaque(true)));
}
