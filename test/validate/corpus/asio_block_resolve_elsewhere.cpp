// As asio_block_resolve, but something else looks a name up, in asio's headers as well: a count has no stack.
#include "asio.h"
#include <asio/ip/tcp.hpp>

static asio::awaitable<void> session(bool remote) {
  co_await pause_for(1ms);
  if (remote) {
    asio::ip::tcp::resolver resolver(co_await asio::this_coro::executor);
    // verdict: blocking-call-in-coroutine inconclusive "'getaddrinfo' was reached once in code of libraries"
    resolver.resolve("localhost", "80");
  }
}

static asio::awaitable<void> other_session() {
  asio::ip::tcp::resolver resolver(co_await asio::this_coro::executor);
  // verdict: blocking-call-in-coroutine inconclusive "'getaddrinfo' was reached once in code of libraries"
  resolver.resolve("127.0.0.1", "80");
}

int main(int count, char **) {
  asio::io_context io;
  asio::co_spawn(io, session(count > 5), asio::detached);
  asio::co_spawn(io, other_session(), asio::detached);
  io.run();
}
