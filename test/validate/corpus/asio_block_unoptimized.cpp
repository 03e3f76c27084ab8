// At -O0, with the calls of the standard library as functions of the program.
// builds: clang-O0 gcc-O0
#include "asio.h"

static asio::awaitable<void> session() {
  co_await pause_for(1ms);
  std::this_thread::sleep_for(100ms); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
}

int main() {
  asio::io_context io;
  asio::co_spawn(io, session(), asio::detached);
  io.run();
}
