// The bytes that a coroutine reads come 20 ms later.
#include "own.h"

static int ends[2];

static own::task reader() {
  char byte;
  if (read(ends[0], &byte, 1) != 1) // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
    std::abort();
  co_return;
}

int main() {
  if (pipe(ends) != 0)
    return 1;
  std::thread writer([] {
    usleep(100'000);
    [[maybe_unused]] auto written = write(ends[1], "x", 1);
  });
  own::loop loop;
  loop.run(reader());
  writer.join();
}
