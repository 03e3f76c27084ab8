// The context is run by a second thread; its wait for events makes it known as a loop.
#include "asio.h"

static asio::awaitable<void> session() {
  co_await pause_for(2ms);
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
}

int main() {
  asio::io_context io;
  asio::co_spawn(io, session(), asio::detached);
  std::thread runner([&] { io.run(); });
  runner.join();
}
