// Nobody spawns the coroutine with the lock.
#include "asio.h"

static std::mutex mutex;

static asio::awaitable<void> update() {
  std::lock_guard guard(mutex);
  co_await pause_for(3ms); // verdict: lock-across-await not exercised "the lock was taken 0 times"
}
static asio::awaitable<void> nothing() { co_await pause_for(1ms); }

int main(int count, char **) {
  asio::io_context io;
  if (count > 5)
    asio::co_spawn(io, update(), asio::detached);
  asio::co_spawn(io, nothing(), asio::detached);
  io.run();
}
