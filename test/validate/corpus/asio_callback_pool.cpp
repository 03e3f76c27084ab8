// Handlers of a pool block its workers, which is what they are for: asio's pool and its loop run the same code.
// verdict: none
#include "asio.h"
#include <dlfcn.h>

static void work() {
  auto pause = reinterpret_cast<int (*)(unsigned)>(dlsym(RTLD_DEFAULT, "usleep"));
  pause(100'000);
}

int main() {
  asio::io_context io;
  asio::thread_pool pool(1);
  asio::steady_timer timer(io, 200ms);
  timer.async_wait([](const std::error_code &) {});
  asio::post(pool, work);
  io.run();
  pool.join();
}
