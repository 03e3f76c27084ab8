// The helper ends with the call, so at -O2 its frame is gone.
// builds: clang-O2
#include "own.h"

// verdict: blocking-call-in-coroutine confirmed "blocked the loop"
[[gnu::noinline]] static int settle(unsigned time) { return usleep(time); }

static own::task session(own::loop &loop) {
  co_await loop.sleep(1ms);
  if (settle(100'000) != 0)
    std::abort();
}

int main() {
  own::loop loop;
  loop.run(session(loop));
}
