// A handler computes for 200 ms. Computing is not among the default classes of blocking-call.
#include "asio.h"

static unsigned crunch() {
  auto end = std::chrono::steady_clock::now() + 200ms;
  volatile unsigned work = 0;
  while (std::chrono::steady_clock::now() < end)
    for (int i = 0; i < 1'000'000; ++i) work = work + 1; // unpredicted: stall
  return work;
}

static asio::awaitable<void> session() {
  co_await pause_for(1ms);
  if (crunch() == 0)
    std::abort();
  co_await pause_for(1ms);
}

int main() {
  asio::io_context io;
  asio::co_spawn(io, session(), asio::detached);
  io.run();
}
