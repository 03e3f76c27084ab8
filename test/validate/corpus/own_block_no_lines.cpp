// Built without -g: a call was reached in some coroutine, and nobody knows at which line.
// flags: -g0
#include "own.h"

static own::task session(own::loop &loop) {
  co_await loop.sleep(1ms);
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "build with -g"
}

int main() {
  own::loop loop;
  loop.run(session(loop));
}
