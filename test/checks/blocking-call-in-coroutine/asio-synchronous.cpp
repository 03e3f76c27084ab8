// Asio's synchronous operations in coroutines, and the asynchronous ones that replace them.
// REQUIRES: asio
// RUN: %verify %s -- -DASIO_HAS_CO_AWAIT -DASIO_HAS_STD_COROUTINE
#include <asio.hpp>
using asio::awaitable;
using asio::ip::tcp;
using asio::use_awaitable;

awaitable<void> bad_client(asio::io_context &context, std::string data) {
  tcp::resolver resolver(context);
  auto endpoints = resolver.resolve("host", "80"); // finding: blocking-call-in-coroutine "Await async_resolve."
  tcp::socket socket(context);
  asio::connect(socket, endpoints);                // finding: blocking-call-in-coroutine "waits for a connection"
  asio::write(socket, asio::buffer(data));
  co_return;
}
awaitable<void> bad_echo(tcp::socket socket) {
  char data[64];
  std::size_t n = socket.read_some(asio::buffer(data)); // finding: blocking-call-in-coroutine "'asio::write' waits for the peer too"
  asio::write(socket, asio::buffer(data, n));
  co_return;
}
awaitable<void> bad_server(tcp::acceptor &acceptor) {
  tcp::socket socket = acceptor.accept(); // finding: blocking-call-in-coroutine "waits for a client"
  co_return;
}
awaitable<void> bad_timer(asio::steady_timer timer) {
  timer.wait(); // finding: blocking-call-in-coroutine "Await async_wait."
  co_return;
}
awaitable<void> bad_loop(asio::io_context &other, asio::thread_pool &pool) {
  other.run(); // finding: blocking-call-in-coroutine "runs an event loop until it is out of work"
  other.poll();
  pool.join(); // finding: blocking-call-in-coroutine "waits for a pool's threads"
  co_return;
}
awaitable<void> bad_pool() {
  asio::thread_pool pool(1);
  co_return; // finding: blocking-call-in-coroutine "'~asio::thread_pool' waits for a pool's threads"
}

awaitable<void> good_client(std::string data) {
  auto executor = co_await asio::this_coro::executor;
  tcp::resolver resolver(executor);
  auto endpoints = co_await resolver.async_resolve("host", "80", use_awaitable);
  tcp::socket socket(executor);
  co_await asio::async_connect(socket, endpoints, use_awaitable);
  co_await asio::async_write(socket, asio::buffer(data), use_awaitable);
  asio::steady_timer timer(executor);
  timer.expires_after(std::chrono::seconds(1));
  co_await timer.async_wait(use_awaitable);
}
awaitable<void> nonblocking(tcp::socket socket) {
  char data[64];
  std::error_code error;
  socket.non_blocking(true);
  std::size_t n = socket.read_some(asio::buffer(data), error);
  asio::write(socket, asio::buffer(data, n), error);
  co_return;
}
void synchronous_client(asio::io_context &context) {
  tcp::socket socket(context);
  asio::connect(socket, tcp::resolver(context).resolve("host", "80"));
}

// To connect a datagram socket only names its peer.
awaitable<void> datagrams(asio::ip::udp::socket socket, asio::ip::udp::endpoint peer) {
  socket.connect(peer);
  char data[64];
  socket.receive(asio::buffer(data)); // finding: blocking-call-in-coroutine "waits for data from the peer"
  co_return;
}
