// The log of a sanitizer would leave it open; the trace of the same program decides.
// flags: -fno-inline-functions
// evidence: recorder helgrind
#include "own.h"

static own::task session() {
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
  co_return;
}

int main() {
  own::loop loop;
  loop.run(session());
}
