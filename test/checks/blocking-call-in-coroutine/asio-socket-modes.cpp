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
// By a reference or a pointer to one of two.
struct Both {
  tcp::socket four_;
  tcp::socket six_;
  tcp::socket slow_;
  tcp::socket &opened(bool six) {
    tcp::socket &socket = six ? six_ : four_;
    socket.non_blocking(true);
    return socket;
  }
  awaitable<void> run() {
    std::error_code error;
    four_.write_some(asio::buffer("x"), error);
    six_.write_some(asio::buffer("x"), error);
    slow_.write_some(asio::buffer("x")); // finding: blocking-call-in-coroutine likely
    co_return;
  }
};
struct ByPointer {
  tcp::socket four_;
  tcp::socket six_;
  void open(bool six) {
    tcp::socket *socket = six ? &six_ : &four_;
    socket->non_blocking(true);
  }
  awaitable<void> run() {
    std::error_code error;
    six_.write_some(asio::buffer("x"), error);
    co_return;
  }
};
awaitable<void> one_of_two(tcp::socket slow, tcp::socket quick, bool which) {
  std::error_code error;
  quick.non_blocking(true);
  tcp::socket &neither = which ? slow : slow;
  neither.write_some(asio::buffer("x"), error); // finding: blocking-call-in-coroutine likely
  co_return;
}

// Who has asked how much there is to read does not wait for as much.
awaitable<void> asked(tcp::socket socket, asio::ip::udp::socket datagrams, std::size_t wanted) {
  char data[64];
  std::error_code error;
  std::size_t more = socket.available(error);
  if (!error && more >= wanted)
    more = asio::read(socket, asio::buffer(data, wanted), asio::transfer_all(), error);
  if (socket.available())
    socket.read_some(asio::buffer(data));
  if (socket.available() != 0)
    socket.receive(asio::buffer(data));
  if (wanted < socket.available(error))
    asio::read(socket, asio::buffer(data, wanted));
  asio::ip::udp::endpoint from;
  std::size_t packets = datagrams.available(error);
  while (packets) {
    datagrams.receive_from(asio::buffer(data), from);
    packets = datagrams.available(error);
  }
  if (socket.available() < wanted)
    co_return;
  asio::read(socket, asio::buffer(data, wanted));
}
awaitable<void> where_there_is_nothing(tcp::socket socket) {
  char data[64];
  if (!socket.available())
    socket.read_some(asio::buffer(data)); // finding: blocking-call-in-coroutine likely
  co_return;
}
awaitable<void> asked_of_another(tcp::socket socket, tcp::socket other) {
  char data[64];
  if (other.available())
    socket.read_some(asio::buffer(data)); // finding: blocking-call-in-coroutine likely
  co_return;
}
awaitable<void> to_read_not_to_write(tcp::socket socket) {
  char data[64];
  if (socket.available())
    asio::write(socket, asio::buffer(data)); // finding: blocking-call-in-coroutine likely
  co_return;
}
awaitable<void> less_than_that(tcp::socket socket, std::size_t wanted) {
  char data[64];
  if (socket.available() < wanted)
    asio::read(socket, asio::buffer(data, wanted)); // finding: blocking-call-in-coroutine likely
  co_return;
}
awaitable<void> perhaps_none(tcp::socket socket) {
  char data[64];
  if (socket.available() >= 0)
    socket.receive(asio::buffer(data)); // finding: blocking-call-in-coroutine likely
  co_return;
}
struct Connection {
  std::shared_ptr<tcp::socket> socket_;
  char data_[64];
  void receive() {
    asio::async_read(*socket_, asio::buffer(data_, 4), [this](std::error_code error, std::size_t) {
      std::size_t more = socket_->available(error);
      if (more >= 8)
        asio::read(*socket_, asio::buffer(data_, 8));
    });
  }
  void receive_as_much() {
    asio::async_read(*socket_, asio::buffer(data_, 4), [this](std::error_code error, std::size_t) {
      std::size_t more = socket_->available(error);
      if (more > 8)
        more = 8;
      // Formulas know what is compared, not what a variable is at most after two writes.
      if (more)
        asio::read(*socket_, asio::buffer(data_, more)); // finding: blocking-call-in-coroutine FP_no_more_than_there_is
    });
  }
};
