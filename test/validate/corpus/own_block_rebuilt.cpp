// After the run the program was built again with another number in it: all places are the same, only nobody knows that.
// What was seen is shown, and decides nothing.
// builds: clang-O1 clang-O1-rebuilt
// damage: other-build
#include "own.h"

#ifdef CORPUS_REBUILT
static const volatile int version = 2;
#else
static const volatile int version = 1;
#endif

static own::task session(own::loop &loop) {
  co_await loop.sleep(1ms);
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "is of another build, whose code is not there"
  co_await loop.sleep(1ms);
}

static own::task second_session(own::loop &loop) {
  co_await loop.sleep(1ms);
  if (version > 0)
    usleep(1); // verdict: blocking-call-in-coroutine inconclusive "is of another build"
  co_await loop.sleep(1ms);
}

static own::task both(own::loop &loop) {
  co_await session(loop);
  co_await second_session(loop);
}

int main() {
  own::loop loop;
  loop.run(both(loop));
}
