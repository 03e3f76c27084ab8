// Every look-up of a name ends in getaddrinfo, which is counted wherever it is called: that there was none shows that
// the place was not reached.
#include "asio.h"
#include <asio/ip/tcp.hpp>

static asio::awaitable<void> session(bool remote) {
  co_await pause_for(1ms);
  if (remote) {
    asio::ip::tcp::resolver resolver(co_await asio::this_coro::executor);
    // verdict: blocking-call-in-coroutine not exercised "reached 0 times"
    resolver.resolve("localhost", "80");
  }
}

int main(int count, char **) {
  asio::io_context io;
  asio::co_spawn(io, session(count > 5), asio::detached);
  io.run();
}
