// The loop has run, and is over; main() resumes a coroutine by itself, and that one blocks nobody else.
// builds: clang-O0 clang-O2 gcc-O0 gcc-O2
#include "own.h"

static own::task report() {
  // verdict: blocking-call-in-coroutine inconclusive "the loop is not below it"
  usleep(100'000);
  co_return;
}

static own::task session(own::loop &loop, bool early) {
  co_await loop.sleep(1ms);
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
  if (early)
    co_await report();
}

int main() {
  {
    own::loop loop;
    loop.run(session(loop, own::opaque(false)));
  }
  own::task last = report();
  last.handle.resume();
}
