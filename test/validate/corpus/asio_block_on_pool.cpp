// The coroutine runs on a pool of asio's in this run, and on the loop in another. The recorder knows the thread as one
// that ran neither a loop nor a pool of the runtime, so it cannot say what the sleep held up.
#include "asio.h"

static asio::awaitable<void> compress() {
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "not known to run a loop"
  co_return;
}

static asio::awaitable<void> session(asio::thread_pool &pool, volatile bool &large) {
  co_await pause_for(1ms);
  if (large)
    co_await asio::co_spawn(pool, compress(), asio::use_awaitable);
  else
    co_await compress();
}

int main() {
  volatile bool large = true;
  asio::thread_pool pool(1);
  asio::io_context io;
  asio::co_spawn(io, session(pool, large), asio::detached);
  io.run();
  pool.join();
}
