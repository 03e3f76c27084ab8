// A handler that is posted to the loop blocks it as well; it is no coroutine, so the recorder only sees the stall.
#include "asio.h"

// verdict: blocking-call-in-coroutine confirmed "blocked the loop"
static void on_tick() { usleep(200'000); }

int main() {
  asio::io_context io;
  asio::steady_timer timer(io, 1ms);
  timer.async_wait([](const std::error_code &) { on_tick(); });
  io.run();
}
