// Two calls on one line: of printf there is no finding, and that it was fast says nothing about the read, which was never made.
// builds: clang-O1 gcc-O2
#include "own.h"
#include <cstdio>

static volatile bool has_input = false;

static own::task reader(own::loop &loop) {
  char byte = 0;
  for (int i = 0; i < 3; ++i) {
    co_await loop.sleep(2ms);
    // verdict: blocking-call-in-coroutine not exercised "reached 0 times"
    std::printf("%d\n", i), has_input && read(0, &byte, 1);
  }
}

int main() {
  own::loop loop;
  loop.run(reader(loop));
}
