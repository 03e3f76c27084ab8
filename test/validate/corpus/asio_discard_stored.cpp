// An awaitable is stored and awaited on one way only. asio's have no identity in a trace, whichever way is taken.
#include "asio.h"

static asio::awaitable<void> notify() { co_await pause_for(1ms); }

static asio::awaitable<void> session(volatile bool &wanted) {
  auto later = notify(); // verdict: discarded-awaitable inconclusive "sees tasks"
  if (wanted)
    co_await std::move(later);
}

int main() {
  volatile bool wanted = false;
  asio::io_context io;
  asio::co_spawn(io, session(wanted), asio::detached);
  io.run();
}
