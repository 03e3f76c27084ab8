// A proxy: two pumps a connection, with a time limit on silence.
#include <asio.hpp>
#include <chrono>
#include <memory>
#include <string>

using asio::ip::tcp;
using namespace std::chrono_literals;

struct Link {
  explicit Link(tcp::socket in) : client(std::move(in)), server(client.get_executor()), silence(client.get_executor()) {}
  tcp::socket client, server;
  asio::steady_timer silence;
};

asio::awaitable<void> pump(tcp::socket &from, tcp::socket &to, Link &link) {
  std::array<char, 16384> data;
  for (;;) {
    link.silence.expires_after(30s);
    std::size_t size = co_await from.async_read_some(asio::buffer(data), asio::use_awaitable);
    co_await asio::async_write(to, asio::buffer(data, size), asio::use_awaitable);
  }
}

asio::awaitable<void> watch(std::shared_ptr<Link> link) {
  while (link->silence.expiry() > std::chrono::steady_clock::now())
    co_await link->silence.async_wait(asio::use_awaitable);
  link->client.close();
  link->server.close();
}

asio::awaitable<void> connect(std::shared_ptr<Link> link, std::string host, std::string service) {
  tcp::resolver resolver(link->client.get_executor());
  auto places = co_await resolver.async_resolve(host, service, asio::use_awaitable);
  co_await asio::async_connect(link->server, places, asio::use_awaitable);
  auto executor = co_await asio::this_coro::executor;
  asio::co_spawn(executor, watch(link), asio::detached);
  asio::co_spawn(
      executor, [link]() -> asio::awaitable<void> { co_await pump(link->server, link->client, *link); }, asio::detached);
  co_await pump(link->client, link->server, *link);
}

int main(int argc, char **argv) {
  asio::io_context loop;
  tcp::acceptor acceptor(loop, {tcp::v4(), 7001});
  std::function<void()> accept = [&] {
    acceptor.async_accept([&](asio::error_code error, tcp::socket socket) {
      if (!error)
        asio::co_spawn(loop, connect(std::make_shared<Link>(std::move(socket)), argv[argc - 2], argv[argc - 1]), asio::detached);
      accept();
    });
  };
  accept();
  loop.run();
}
