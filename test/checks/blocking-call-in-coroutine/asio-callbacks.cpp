// Asio: completion handlers and posted functions run on the loop; on a thread_pool they may block.
// REQUIRES: asio
// RUN: %verify %s
#include <asio.hpp>
#include <functional>
#include <thread>
using namespace std::chrono_literals;

void slow() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine certain "a callback of an event loop"

struct Session : std::enable_shared_from_this<Session> {
  asio::ip::tcp::socket socket_;
  asio::steady_timer timer_;
  char data_[64];

  void read() {
    auto self = shared_from_this();
    asio::async_read(socket_, asio::buffer(data_), [this, self](std::error_code error, std::size_t) {
      if (!error)
        handle();
    });
  }
  void handle() { slow(); }
  void read_some() {
    socket_.async_read_some(asio::buffer(data_), [this](std::error_code, std::size_t) {
      std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
    });
  }
  void wait() {
    timer_.expires_after(1s);
    timer_.async_wait([](std::error_code) {
      std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine "hands lambda in Session::wait"
    });
  }
  void bound() { timer_.async_wait(std::bind(&Session::on_timer, this, std::placeholders::_1)); }
  void on_timer(std::error_code) { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
};

struct Server {
  asio::io_context &context_;
  asio::thread_pool &pool_;
  asio::ip::tcp::acceptor acceptor_;

  void accept() {
    acceptor_.async_accept([this](std::error_code, asio::ip::tcp::socket) {
      std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
      accept();
    });
  }
  void posts() {
    asio::post(context_, [] { std::this_thread::sleep_for(1s); });                // finding: blocking-call-in-coroutine
    asio::dispatch(context_.get_executor(), [] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine
    asio::defer(asio::make_strand(context_), [] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine
    asio::post(context_, slow);
  }
  void offloads() {
    asio::post(pool_, [] { std::this_thread::sleep_for(1s); });
    asio::post(pool_.get_executor(), [] { std::this_thread::sleep_for(1s); });
    asio::dispatch(asio::make_strand(pool_), [] { std::this_thread::sleep_for(1s); });
    asio::post(pool_, slow);
  }
  // To the pool and back with the result.
  void there_and_back() {
    asio::post(pool_, [this] {
      std::this_thread::sleep_for(1s);
      asio::post(context_, [] { std::this_thread::sleep_for(2s); }); // finding: blocking-call-in-coroutine
    });
  }
  void bound_to_the_pool(asio::steady_timer &timer) {
    timer.async_wait(asio::bind_executor(pool_, [](std::error_code) { std::this_thread::sleep_for(1s); }));
  }
};

// What main does before and after the loop.
int main() {
  asio::io_context context;
  asio::steady_timer timer(context, 1s);
  timer.wait();
  std::this_thread::sleep_for(1s);
  context.run();
}

// In a program without coroutines nobody can await.
struct Tunnel {
  asio::ip::tcp::socket socket_;
  asio::ip::tcp::socket other_;
  char data_[64];
  void receive() {
    asio::async_read(socket_, asio::buffer(data_), [this](std::error_code, std::size_t) {
      asio::read(socket_, asio::buffer(data_)); // finding: blocking-call-in-coroutine likely "Use the asynchronous form of the operation."
      other_.send(asio::buffer(data_));         // finding: blocking-call-in-coroutine likely "Use the async_ form."
    });
  }
};

// Bound to a strand of the same context, a handler is still a callback of its loop.
struct Bound {
  asio::strand<asio::io_context::executor_type> strand_;
  asio::steady_timer timer_;
  explicit Bound(asio::io_context &context) : strand_(asio::make_strand(context)), timer_(context) {}
  // A bound handler is no callable yet: were it one, the timer's context would be asked for its threads, not the bound one.
  void FN_bound_to_a_strand() {
    timer_.async_wait(asio::bind_executor(strand_, [](std::error_code) { std::this_thread::sleep_for(1s); }));
  }
};
