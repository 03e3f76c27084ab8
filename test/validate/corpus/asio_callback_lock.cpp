// A handler waits for a lock that a worker holds for long. Short critical sections are common, so no check reports
// every lock; what a run shows is listed.
#include "asio.h"

static std::mutex table;

static void update(const std::error_code &) {
  std::lock_guard guard(table); // unpredicted: blocking-call
}

int main() {
  asio::io_context io;
  std::thread worker([] {
    std::lock_guard guard(table);
    usleep(200'000);
  });
  asio::steady_timer timer(io, 10ms);
  timer.async_wait(update);
  io.run();
  worker.join();
}
