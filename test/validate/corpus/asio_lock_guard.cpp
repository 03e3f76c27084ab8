// A std::lock_guard lives across the await of a timer.
// builds: clang-O1 gcc-O2
#include "asio.h"

static std::mutex mutex;

static asio::awaitable<void> update() {
  std::lock_guard guard(mutex);
  co_await pause_for(3ms); // verdict: lock-across-await confirmed "went back to its loop"
}

int main() {
  asio::io_context io;
  asio::co_spawn(io, update(), asio::detached);
  io.run();
}
