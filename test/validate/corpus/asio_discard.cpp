// An awaitable is dropped. asio's have no identity in a trace.
#include "asio.h"

static asio::awaitable<void> notify() { co_await pause_for(1ms); }

static asio::awaitable<void> session() {
  notify(); // verdict: discarded-awaitable inconclusive "sees tasks"
  co_await pause_for(1ms);
}

int main() {
  asio::io_context io;
  asio::co_spawn(io, session(), asio::detached);
  io.run();
}
