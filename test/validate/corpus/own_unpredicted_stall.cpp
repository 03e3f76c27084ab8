// A coroutine computes for 300 ms of its own time, all on one line: a thread on a busy machine is most often halted at a
// system call, which asking for the time is.
// stall: 100ms
#include "own.h"
#include <ctime>

static own::task crunch(own::loop &loop) {
  co_await loop.sleep(1ms);
  volatile unsigned work = 0;
  for (auto end = clock() + 300'000; clock() < end;) for (int i = 0; i < 1'000'000; ++i) work = work + 1; // unpredicted: stall
  co_await loop.sleep(1ms);
}

int main() {
  own::loop loop;
  loop.run(crunch(loop));
}
