// The branch that sleeps is not taken.
#include "asio.h"

static asio::awaitable<void> session(volatile bool &slow) {
  co_await pause_for(1ms);
  if (slow)
    usleep(100'000); // verdict: blocking-call-in-coroutine not exercised "reached 0 times"
}

int main() {
  volatile bool slow = false;
  asio::io_context io;
  asio::co_spawn(io, session(slow), asio::detached);
  io.run();
}
