// A task is stored and forgotten.
// verdict: discarded-awaitable inconclusive
#include "own.h"

static own::task notify(own::loop &loop) { co_await loop.sleep(1ms); }

static own::task session(own::loop &loop) {
  [[maybe_unused]] auto later = notify(loop);
  co_await loop.sleep(1ms);
}

int main() {
  own::loop loop;
  loop.run(session(loop));
}
