// A coroutine on an io_context sleeps with its thread.
// builds: clang-O1 gcc-O2
#include "asio.h"

static asio::awaitable<void> session() {
  co_await pause_for(1ms);
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
}

int main() {
  asio::io_context io;
  asio::co_spawn(io, session(), asio::detached);
  io.run();
}
