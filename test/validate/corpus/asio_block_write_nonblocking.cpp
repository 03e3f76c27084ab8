// The pipe is switched to O_NONBLOCK through a pointer that only the run knows; its writes cannot wait.
#include "asio.h"
#include <dlfcn.h>
#include <fcntl.h>

static int ends[2];
static char block[8192];

static asio::awaitable<void> writer() {
  for (int i = 0; i < 3; ++i) {
    co_await pause_for(1ms);
    if (write(ends[1], block, sizeof block) != sizeof block) // verdict: blocking-call-in-coroutine contradicted "no call could wait"
      std::abort();
  }
}

int main() {
  if (pipe(ends) != 0)
    return 1;
  auto set = reinterpret_cast<int (*)(int, int, ...)>(dlsym(RTLD_DEFAULT, "fcntl"));
  if (set(ends[1], F_SETFL, O_NONBLOCK) != 0)
    return 1;
  asio::io_context io;
  asio::co_spawn(io, writer(), asio::detached);
  io.run();
}
