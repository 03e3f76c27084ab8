// Two calls on one line: what the other one did, which is no finding since it cannot wait, or one of its own, is nothing that this
// one has done.
// builds: clang-O1 gcc-O2
#include "own.h"
#include <cstdio>

static own::task session(own::loop &loop, bool slow) {
  char byte = 0;
  for (int i = 0; i < 3; ++i) {
    co_await loop.sleep(2ms);
    // verdict: blocking-call-in-coroutine not exercised "reached 0 times"
    std::printf("%d\n", i), slow && read(0, &byte, 1);
  }
  usleep(0); if (slow) sleep(1); // verdict: blocking-call-in-coroutine not exercised "reached 0 times"
  if (slow) sleep(0); else usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "'usleep' blocked the loop once"
  sleep(0); if (slow) std::this_thread::sleep_for(1s); // verdict: blocking-call-in-coroutine not exercised "reached 0 times"
  co_await loop.sleep(1ms);
}

int main() {
  own::loop loop;
  loop.run(session(loop, own::opaque(false)));
}
