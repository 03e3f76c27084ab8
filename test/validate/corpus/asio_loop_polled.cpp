// A loop of one's own asks the io_context what is ready, a turn at a time: its handlers hold it up. When it is over,
// main() blocks alone.
// builds: clang-O0 clang-O2
#include "asio.h"

static asio::awaitable<void> session(volatile int &left) {
  for (; left > 0; left = left - 1) {
    co_await pause_for(1ms);
    usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop 3 times"
  }
}

int main() {
  volatile int left = 3;
  asio::io_context io;
  asio::co_spawn(io, session(left), asio::detached);
  while (left > 0) {
    io.poll();
    usleep(100);
  }
  usleep(100'000);
}
