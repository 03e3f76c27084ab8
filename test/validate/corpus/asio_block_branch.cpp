// The branch that sleeps is not taken.
// verdict: blocking-call-in-coroutine not exercised
#include "asio.h"

static asio::awaitable<void> session(volatile bool &slow) {
  co_await pause_for(1ms);
  if (slow)
    usleep(20'000);
}

int main() {
  volatile bool slow = false;
  asio::io_context io;
  asio::co_spawn(io, session(slow), asio::detached);
  io.run();
}
