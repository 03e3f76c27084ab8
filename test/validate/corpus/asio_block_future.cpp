// A coroutine waits for a future that another thread fulfils.
#include "asio.h"

static asio::awaitable<void> ask(std::future<int> &answer) {
  co_await pause_for(1ms);
  if (answer.get() != 42) // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
    std::abort();
}

int main() {
  std::promise<int> promise;
  std::future<int> answer = promise.get_future();
  std::thread other([&] {
    usleep(200'000);
    promise.set_value(42);
  });
  asio::io_context io;
  asio::co_spawn(io, ask(answer), asio::detached);
  io.run();
  other.join();
}
