// A coroutine computes for a quarter of a second.
#include "own.h"

static own::task crunch(own::loop &loop) {
  co_await loop.sleep(1ms);
  auto end = std::chrono::steady_clock::now() + 250ms;
  volatile unsigned work = 0;
  while (std::chrono::steady_clock::now() < end)
    for (int i = 0; i < 1'000'000; ++i) work = work + 1; // unpredicted: stall
  co_await loop.sleep(1ms);
}

int main() {
  own::loop loop;
  loop.run(crunch(loop));
}
