// A task is stored and forgotten.
#include "own.h"

static own::task notify(own::loop &loop) { co_await loop.sleep(1ms); }

static own::task session(own::loop &loop) {
  [[maybe_unused]] auto later = notify(loop); // verdict: discarded-awaitable inconclusive "sees tasks"
  co_await loop.sleep(1ms);
}

int main() {
  own::loop loop;
  loop.run(session(loop));
}
