// A payment server on one event loop.
#include "session.h"
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/use_awaitable.hpp>

namespace {

asio::awaitable<void> listen(asio::ip::tcp::acceptor acceptor, Accounts &accounts, asio::thread_pool &workers) {
  for (;;) {
    asio::ip::tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
    asio::co_spawn(acceptor.get_executor(), session(std::move(socket), accounts, workers), asio::detached);
  }
}

} // namespace

int main() {
  asio::io_context loop;
  asio::thread_pool workers(2);
  Accounts accounts(loop.get_executor());
  asio::ip::tcp::acceptor acceptor(loop, {asio::ip::address_v4::loopback(), 7100});
  asio::co_spawn(loop, listen(std::move(acceptor), accounts, workers), asio::detached);
  loop.run();
}
