// What the runtime's loop is asked to call blocks it, through a pointer that only the run knows. In the pool, and
// before the loop, the same may block.
#include "rt.h"
#include <dlfcn.h>

static volatile int naps = 0;
static void nap(unsigned time) {
  auto pause = reinterpret_cast<int (*)(unsigned)>(dlsym(RTLD_DEFAULT, "usleep"));
  pause(time); // unpredicted: blocking-call
  naps = naps + 1;
}

static void on_call() { nap(100'000); }

static task<> session(tenterhook::event_loop &loop) {
  loop.call_soon(on_call);
  co_await sleep_for(5ms);
}

int main() {
  nap(100'000);
  tenterhook::event_loop loop;
  loop.run_until_complete(session(loop));
}
