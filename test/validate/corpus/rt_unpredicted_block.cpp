// What blocks is called through a pointer that only the run knows.
#include "rt.h"
#include <dlfcn.h>

static task<> session() {
  co_await sleep_for(1ms);
  auto pause = reinterpret_cast<int (*)(unsigned)>(dlsym(RTLD_DEFAULT, "usleep"));
  pause(100'000); // unpredicted: blocking-call
}

int main() {
  tenterhook::event_loop loop;
  loop.run_until_complete(session());
}
