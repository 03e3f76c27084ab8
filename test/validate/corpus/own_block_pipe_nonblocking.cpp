// The descriptor does not block, which the program decides where the analysis does not see it.
// verdict: blocking-call-in-coroutine contradicted
#include "own.h"
#include <fcntl.h>

static int ends[2];

static own::task reader(own::loop &loop) {
  char byte;
  while (read(ends[0], &byte, 1) != 1)
    co_await loop.sleep(2ms);
}

int main() {
  // Through a pointer that only the run knows: whether these are the flags that matter is not in the code.
  int (*volatile make)(int *, int) = pipe2;
  if (make(ends, O_NONBLOCK) != 0)
    return 1;
  std::thread writer([] {
    usleep(10'000);
    [[maybe_unused]] auto written = write(ends[1], "x", 1);
  });
  own::loop loop;
  loop.run(reader(loop));
  writer.join();
}
