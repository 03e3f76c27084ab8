// Asio's sockets block until the program switches them: what nobody switched is likely to, whatever becomes of others.
// REQUIRES: asio
// RUN: %verify %s -- -DASIO_HAS_CO_AWAIT -DASIO_HAS_STD_COROUTINE
#include <asio.hpp>
#include <fcntl.h>
using asio::awaitable;
using asio::ip::tcp;

// Others are switched: another socket, a descriptor.
void switches(tcp::socket &other, int fd) {
  other.non_blocking(true);
  fcntl(fd, F_SETFL, O_NONBLOCK);
}
awaitable<void> given(tcp::socket socket) {
  char data[64];
  socket.read_some(asio::buffer(data)); // finding: blocking-call-in-coroutine likely
  co_return;
}
awaitable<void> by_reference(tcp::socket &socket) {
  asio::write(socket, asio::buffer("x")); // finding: blocking-call-in-coroutine likely
  co_return;
}
awaitable<void> accepts(tcp::acceptor &acceptor) {
  tcp::socket socket = acceptor.accept(); // finding: blocking-call-in-coroutine likely
  co_return;
}
struct Session {
  tcp::socket socket_;
  tcp::socket quick_;
  awaitable<void> run() {
    char data[64];
    socket_.read_some(asio::buffer(data)); // finding: blocking-call-in-coroutine likely
    co_return;
  }
  awaitable<void> run_quickly() {
    char data[64];
    std::error_code error;
    quick_.non_blocking(true);
    quick_.read_some(asio::buffer(data), error);
    co_return;
  }
};
awaitable<void> switched_back(tcp::socket socket) {
  char data[64];
  socket.non_blocking(false);
  socket.read_some(asio::buffer(data)); // finding: blocking-call-in-coroutine likely
  co_return;
}

awaitable<void> switched(tcp::socket socket) {
  char data[64];
  std::error_code error;
  socket.non_blocking(true);
  socket.read_some(asio::buffer(data), error);
  co_return;
}
awaitable<void> switched_natively(tcp::socket &socket) {
  std::error_code error;
  socket.native_non_blocking(true, error);
  socket.write_some(asio::buffer("x"), error);
  co_return;
}
awaitable<void> switched_by_its_lowest_layer(tcp::socket socket) {
  std::error_code error;
  socket.lowest_layer().non_blocking(true);
  socket.write_some(asio::buffer("x"), error);
  co_return;
}
// By who gives it.
awaitable<void> works_on(tcp::socket &quick) {
  char data[64];
  std::error_code error;
  quick.read_some(asio::buffer(data), error);
  co_return;
}
awaitable<void> gives(tcp::socket socket) {
  socket.non_blocking(true);
  co_await works_on(socket);
}
