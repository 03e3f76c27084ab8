// What blocks is called through a pointer that only the run knows.
#include "own.h"
#include <dlfcn.h>

static own::task session(own::loop &loop) {
  co_await loop.sleep(1ms);
  auto pause = reinterpret_cast<int (*)(unsigned)>(dlsym(RTLD_DEFAULT, "usleep"));
  pause(100'000); // unpredicted: blocking-call
}

int main() {
  own::loop loop;
  loop.run(session(loop));
}
