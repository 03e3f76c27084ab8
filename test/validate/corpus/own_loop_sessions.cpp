// One session after the other has a loop of its own; between them there is none, though another one will come.
// builds: clang-O0 gcc-O2
#include "own.h"

static own::task store() {
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "the loop is not below it"
  co_return;
}

static own::task session(own::loop &loop, bool early) {
  for (int i = 0; i < 5; ++i) co_await loop.sleep(1ms);
  if (early)
    co_await store();
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop 3 times"
}

int main() {
  for (int i = 0; i < 3; ++i) {
    own::loop loop;
    loop.run(session(loop, own::opaque(false)));
    own::task rest = store();
    rest.handle.resume();
  }
}
