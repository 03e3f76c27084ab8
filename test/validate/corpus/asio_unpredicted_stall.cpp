// A handler computes for 300 ms of its own time, all on one line: a thread on a busy machine is most often halted at a
// system call, which asking for the time is. Computing is not among the default classes of blocking-call.
// stall: 100ms
#include "asio.h"
#include <ctime>

static unsigned crunch() {
  volatile unsigned work = 0;
  for (auto end = clock() + 300'000; clock() < end;) for (int i = 0; i < 1'000'000; ++i) work = work + 1; // unpredicted: stall
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
