// An echo server: one coroutine a client.
#include <asio.hpp>
#include <cstdio>

using asio::ip::tcp;

asio::awaitable<void> echo(tcp::socket socket) {
  char data[4096];
  for (;;) {
    std::size_t size = co_await socket.async_read_some(asio::buffer(data), asio::use_awaitable);
    co_await asio::async_write(socket, asio::buffer(data, size), asio::use_awaitable);
  }
}

asio::awaitable<void> listen(unsigned short port) {
  auto executor = co_await asio::this_coro::executor;
  tcp::acceptor acceptor(executor, {tcp::v4(), port});
  for (;;)
    asio::co_spawn(executor, echo(co_await acceptor.async_accept(asio::use_awaitable)), asio::detached);
}

int main() {
  asio::io_context loop;
  asio::signal_set signals(loop, SIGINT);
  signals.async_wait([&](auto, auto) { loop.stop(); });
  asio::co_spawn(loop, listen(7000), [](std::exception_ptr failure) {
    if (failure)
      std::puts("listening failed");
  });
  loop.run();
}
