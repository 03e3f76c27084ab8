// The coroutine is never called.
#include "own.h"

static own::task session(own::loop &loop) {
  co_await loop.sleep(1ms);
  usleep(100'000); // verdict: blocking-call-in-coroutine not exercised "reached 0 times"
}
static own::task nothing() { co_return; }

int main(int count, char **) {
  own::loop loop;
  if (count > 5)
    loop.run(session(loop));
  else
    loop.run(nothing());
}
