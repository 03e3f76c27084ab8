// A job on a pool's thread polls a pipe four times. That makes the thread no loop: the coroutine that blocks there later
// holds up nobody. On the io_context the same call holds up all.
// builds: clang-O0 clang-O2
#include "asio.h"
#include <poll.h>

static void wait_for_output() {
  int ends[2];
  if (pipe(ends) != 0)
    return;
  volatile int times = 4; // at one place: not unrolled
  for (int i = 0; i < times; ++i) {
    pollfd wanted{ends[0], POLLIN, 0};
    poll(&wanted, 1, 1);
  }
  close(ends[0]);
  close(ends[1]);
}

static asio::awaitable<void> compress() {
  // verdict: blocking-call-in-coroutine inconclusive "the loop is not below it"
  usleep(100'000);
  co_return;
}

static asio::awaitable<void> session(asio::thread_pool &pool, volatile bool &large) {
  co_await pause_for(1ms);
  if (large)
    co_await asio::co_spawn(pool, compress(), asio::use_awaitable);
  else
    co_await compress();
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
}

int main() {
  volatile bool large = true;
  asio::thread_pool pool(1);
  asio::post(pool, wait_for_output);
  asio::io_context io;
  asio::co_spawn(io, session(pool, large), asio::detached);
  io.run();
  pool.join();
}
