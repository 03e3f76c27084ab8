// The helper blocks, but only before the loop runs; the coroutine does not get to it.
#include "own.h"

// verdict: blocking-call-in-coroutine not exercised "never by a coroutine"
static void warm_up() { usleep(5'000); }

static own::task session(own::loop &loop, bool again) {
  co_await loop.sleep(1ms);
  if (again)
    warm_up();
}

int main() {
  warm_up();
  own::loop loop;
  loop.run(session(loop, own::opaque(false)));
}
