// The blocking part is a coroutine that runs on a pool of threads: nothing is found, and the pool's workers are no
// loops.
// verdict: none
#include "asio.h"

static asio::awaitable<void> compress() {
  usleep(100'000);
  co_return;
}
static asio::awaitable<void> session(asio::thread_pool &pool) {
  co_await pause_for(1ms);
  co_await asio::co_spawn(pool, compress(), asio::use_awaitable);
}

int main() {
  asio::thread_pool pool(1);
  asio::io_context io;
  asio::co_spawn(io, session(pool), asio::detached);
  io.run();
  pool.join();
}
