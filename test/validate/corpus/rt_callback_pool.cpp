// A pool's worker blocks, and so does main() before and after its loop: no loop stands still.
// verdict: none
#include "rt.h"
#include <dlfcn.h>

static void nap() {
  auto pause = reinterpret_cast<int (*)(unsigned)>(dlsym(RTLD_DEFAULT, "usleep"));
  pause(100'000);
}

static task<> session(tenterhook::thread_pool &pool) {
  co_await tenterhook::run_in_executor(pool, nap);
}

int main() {
  tenterhook::thread_pool pool(1);
  nap();
  tenterhook::event_loop loop;
  loop.run_until_complete(session(pool));
  nap();
}
