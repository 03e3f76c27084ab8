// The program was built anew after the run: its places may have moved, so what was seen is joined by place with less
// trust, and "never" is not believed.
// builds: clang-O1 clang-O0
// damage: other-build
#include "own.h"

static own::task session(own::loop &loop, bool slow) {
  if (slow)
    usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "another build"
  co_await loop.sleep(1ms);
}

int main() {
  own::loop loop;
  loop.run(session(loop, own::opaque(false)));
}
