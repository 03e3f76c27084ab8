// The same, and this run takes the good way: the lock is taken and never held at a wait, which proves nothing.
#include "asio.h"

static std::mutex mutex;

static asio::awaitable<void> update(volatile bool &careful) {
  std::unique_lock lock(mutex);
  if (careful)
    lock.unlock();
  // verdict: lock-across-await inconclusive "an await that does not suspend leaves no event"
  co_await pause_for(3ms);
}

int main() {
  volatile bool careful = true;
  asio::io_context io;
  asio::co_spawn(io, update(careful), asio::detached);
  io.run();
}
