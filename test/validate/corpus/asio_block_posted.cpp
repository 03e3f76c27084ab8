// post(pool, use_awaitable) passes through the pool, but the coroutine continues on its own executor: it still blocks
// main. That runs an io_context without timers or descriptors, which waits on a condition variable: a loop that is
// known by asio's names.
#include "asio.h"

static asio::awaitable<void> session(asio::thread_pool &pool) {
  co_await asio::post(pool, asio::use_awaitable);
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop once"
}

int main() {
  asio::thread_pool pool(1);
  asio::io_context io;
  asio::co_spawn(io, session(pool), asio::detached);
  io.run();
  pool.join();
}
