// What blocks is called through a pointer that only the run knows.
#include "asio.h"
#include <dlfcn.h>

static asio::awaitable<void> session() {
  co_await pause_for(1ms);
  auto pause = reinterpret_cast<int (*)(unsigned)>(dlsym(RTLD_DEFAULT, "usleep"));
  pause(100'000); // unpredicted: blocking-call
}

int main() {
  asio::io_context io;
  asio::co_spawn(io, session(), asio::detached);
  io.run();
}
