// The branch with the sleep is not taken.
#include "own.h"

static own::task session(own::loop &loop, bool slow) {
  if (slow)
    usleep(100'000); // verdict: blocking-call-in-coroutine not exercised "reached 0 times"
  co_await loop.sleep(1ms);
}

int main() {
  own::loop loop;
  loop.run(session(loop, own::opaque(false)));
}
