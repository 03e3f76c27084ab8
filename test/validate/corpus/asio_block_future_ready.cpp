// The result is there: std::future::get makes no call that a recorder could count.
#include "asio.h"

static asio::awaitable<void> ask(std::future<int> &answer) {
  co_await pause_for(1ms);
  if (answer.get() != 42) // verdict: blocking-call-in-coroutine inconclusive "was not seen to wait"
    std::abort();
}

int main() {
  std::promise<int> promise;
  std::future<int> answer = promise.get_future();
  promise.set_value(42);
  asio::io_context io;
  asio::co_spawn(io, ask(answer), asio::detached);
  io.run();
}
