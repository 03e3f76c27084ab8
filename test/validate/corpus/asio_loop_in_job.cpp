// A pool's job runs an io_context of its own: below that, the thread is a loop. The next job is a job again.
// builds: clang-O0 clang-O2
#include "asio.h"

static asio::awaitable<void> session() {
  co_await pause_for(1ms);
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
}

static asio::awaitable<void> compress() {
  // verdict: blocking-call-in-coroutine inconclusive "the loop is not below it"
  usleep(100'000);
  co_return;
}

static asio::awaitable<void> idle(volatile bool &here) {
  co_await pause_for(1ms);
  if (here)
    co_await compress();
}

int main() {
  volatile bool here = false;
  asio::thread_pool pool(1);
  asio::post(pool, [&] {
    asio::io_context io;
    asio::co_spawn(io, session(), asio::detached);
    asio::co_spawn(io, idle(here), asio::detached);
    io.run();
  });
  asio::co_spawn(pool, compress(), asio::detached);
  pool.join();
}
