// What the coroutine reads is there already.
#include "asio.h"

static int ends[2];

static asio::awaitable<void> reader() {
  char byte;
  for (int i = 0; i < 4; ++i) {
    co_await pause_for(1ms);
    if (read(ends[0], &byte, 1) != 1) // verdict: blocking-call-in-coroutine contradicted "never slow"
      std::abort();
  }
}

int main() {
  if (pipe(ends) != 0 || write(ends[1], "abcd", 4) != 4)
    return 1;
  asio::io_context io;
  asio::co_spawn(io, reader(), asio::detached);
  io.run();
}
