// Two calls and an awaited coroutine lie between the spawned coroutine and the sleep.
#include "asio.h"

static void settle() { usleep(100'000); } // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
static void reload() { settle(); }

static asio::awaitable<void> refresh() {
  co_await pause_for(1ms);
  reload();
}
static asio::awaitable<void> session() { co_await refresh(); }

int main() {
  asio::io_context io;
  asio::co_spawn(io, session(), asio::detached);
  io.run();
}
