// The descriptor does not block, which the program decides where the analysis does not see it.
#include "own.h"
#include <dlfcn.h>
#include <fcntl.h>

static int ends[2];

static own::task reader(own::loop &loop) {
  char byte;
  // verdict: blocking-call-in-coroutine contradicted "no call could wait"
  while (read(ends[0], &byte, 1) != 1)
    co_await loop.sleep(2ms);
}

int main() {
  if (pipe(ends) != 0)
    return 1;
  auto set = reinterpret_cast<int (*)(int, int, ...)>(dlsym(RTLD_DEFAULT, "fcntl"));
  if (set(ends[0], F_SETFL, O_NONBLOCK) != 0)
    return 1;
  std::thread writer([] {
    usleep(10'000);
    [[maybe_unused]] auto written = write(ends[1], "x", 1);
  });
  own::loop loop;
  loop.run(reader(loop));
  writer.join();
}
