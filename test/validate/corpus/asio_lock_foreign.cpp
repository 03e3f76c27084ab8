// The await continues the coroutine on a thread of a pool, which unlocks what the thread of the loop locked. That one
// goes back to its wait with the lock, too, which is told first.
#include "asio.h"
#include <asio/bind_executor.hpp>

static std::mutex mutex;

static asio::awaitable<void> update(asio::thread_pool &pool) {
  std::lock_guard guard(mutex);
  // verdict: lock-across-await confirmed "went back to its loop"
  co_await asio::post(asio::bind_executor(pool.get_executor(), asio::use_awaitable));
}

int main() {
  asio::thread_pool pool(1);
  asio::io_context io;
  asio::co_spawn(io, update(pool), asio::detached);
  io.run();
  pool.join();
}
