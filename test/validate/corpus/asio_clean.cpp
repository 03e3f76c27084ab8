// The blocking part runs on a pool of threads: nothing is found, and the pool's workers are no loops.
#include "asio_common.h"

static asio::awaitable<void> session(asio::thread_pool &pool) {
  co_await asio::post(pool, asio::use_awaitable);
  usleep(15'000);
  co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
}

int main() {
  asio::thread_pool pool(1);
  asio::io_context io;
  asio::co_spawn(io, session(pool), asio::detached);
  io.run();
  pool.join();
}
