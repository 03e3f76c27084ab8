// A stripped program has no names: the recorder cannot tell coroutines from other functions, and the places have no
// lines.
// damage: stripped
#include "asio.h"

static asio::awaitable<void> session() {
  co_await pause_for(1ms);
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "symbols"
}

int main() {
  asio::io_context io;
  asio::co_spawn(io, session(), asio::detached);
  io.run();
}
