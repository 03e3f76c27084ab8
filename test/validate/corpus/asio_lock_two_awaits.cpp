// One lock over two awaits is one finding, at the first of them.
// builds: clang-O1 gcc-O2
#include "asio.h"

static std::mutex mutex;

static asio::awaitable<void> update() {
  std::scoped_lock guard(mutex);
  co_await pause_for(2ms); // verdict: lock-across-await confirmed "went back to its loop"
  co_await pause_for(2ms);
}

int main() {
  asio::io_context io;
  asio::co_spawn(io, update(), asio::detached);
  io.run();
}
