// A coroutine on an io_context sleeps with its thread.
// verdict: blocking-call-in-coroutine confirmed
#include "asio.h"

static asio::awaitable<void> session() {
  co_await pause_for(1ms);
  usleep(20'000);
}

int main() {
  asio::io_context io;
  asio::co_spawn(io, session(), asio::detached);
  io.run();
}
