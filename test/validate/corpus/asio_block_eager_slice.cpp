// The sleep comes before the first await. asio starts the coroutine from the loop, and the frame is the coroutine's
// own.
// builds: clang-O2 gcc-O2
#include "asio.h"

static asio::awaitable<void> session() {
  std::this_thread::sleep_for(100ms); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
  co_await pause_for(1ms);
}

int main() {
  asio::io_context io;
  asio::steady_timer keeps(io, 1ms);
  keeps.async_wait([&](const std::error_code &) { asio::co_spawn(io, session(), asio::detached); });
  io.run();
}
