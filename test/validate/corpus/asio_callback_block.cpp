// What blocks is called through a pointer that only the run knows, by a handler, not by a coroutine. The thread of
// main() ran the loop, and does what it likes before and after it.
// builds: clang-O1 clang-O0 gcc-O2
#include "asio.h"
#include <dlfcn.h>

static void nap() {
  auto pause = reinterpret_cast<int (*)(unsigned)>(dlsym(RTLD_DEFAULT, "usleep"));
  pause(100'000); // unpredicted: blocking-call
}
static void before() {
  auto pause = reinterpret_cast<int (*)(unsigned)>(dlsym(RTLD_DEFAULT, "usleep"));
  pause(100'000);
}
static void after() {
  auto pause = reinterpret_cast<int (*)(unsigned)>(dlsym(RTLD_DEFAULT, "usleep"));
  pause(100'000);
}

int main() {
  asio::io_context io;
  before();
  asio::steady_timer timer(io, 1ms);
  timer.async_wait([](const std::error_code &) { nap(); });
  io.run();
  after();
}
