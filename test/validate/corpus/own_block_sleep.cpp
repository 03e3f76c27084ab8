// A coroutine sleeps with the thread of its loop.
#include "own.h"

static own::task session() {
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
  co_return;
}

int main() {
  own::loop loop;
  loop.run(session());
}
