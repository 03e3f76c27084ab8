// A coroutine sleeps with the thread of its loop.
// verdict: blocking-call-in-coroutine confirmed
#include "own.h"

static own::task session() {
  usleep(20'000);
  co_return;
}

int main() {
  own::loop loop;
  loop.run(session());
}
