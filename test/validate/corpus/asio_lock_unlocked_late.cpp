// The lock is released on one way only.
#include "asio.h"

static std::mutex mutex;

static asio::awaitable<void> update(volatile bool &careful) {
  std::unique_lock lock(mutex);
  if (careful)
    lock.unlock();
  co_await pause_for(3ms); // verdict: lock-across-await confirmed "went back to its loop"
}

int main() {
  volatile bool careful = false;
  asio::io_context io;
  asio::co_spawn(io, update(careful), asio::detached);
  io.run();
}
