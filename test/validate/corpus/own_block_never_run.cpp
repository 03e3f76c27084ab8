// The coroutine is never called.
// verdict: blocking-call-in-coroutine not exercised
#include "own.h"

static own::task session(own::loop &loop) {
  co_await loop.sleep(1ms);
  usleep(20'000);
}
static own::task nothing() { co_return; }

int main(int count, char **) {
  own::loop loop;
  if (count > 5)
    loop.run(session(loop));
  else
    loop.run(nothing());
}
