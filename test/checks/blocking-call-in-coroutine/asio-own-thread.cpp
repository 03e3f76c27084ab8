// An object that keeps a loop and the thread for it: what else runs there is its own business, so likely at most.
// REQUIRES: asio
// RUN: %verify %s
#include <asio.hpp>
#include <memory>
#include <thread>
#include <unistd.h>

class Clock {
public:
  void start() {
    thread_.reset(new std::thread([this] { run(); }));
    asio::post(service_, [this] { sync(); });
  }

private:
  void run() {
    while (running_)
      service_.run();
  }
  void sync() {
    ::usleep(9); // finding: blocking-call-in-coroutine likely
    timer_.async_wait([this](const std::error_code &) { again(); });
  }
  void again() { ::usleep(9); } // finding: blocking-call-in-coroutine likely
  bool running_ = true;
  std::unique_ptr<std::thread> thread_;
  asio::io_context service_;
  asio::steady_timer timer_{service_};
};

// main runs it, for all.
class Server {
public:
  void start() {
    asio::post(service_, [this] { serve(); });
  }
  void run() { service_.run(); }

private:
  void serve() { ::usleep(9); } // finding: blocking-call-in-coroutine certain
  asio::io_context service_;
};

// A thread for other things, and the loop of others.
class Session {
public:
  explicit Session(asio::io_context &service) : service_(service), timer_(service) {}
  void start() {
    worker_ = std::thread([] { ::usleep(9); });
    timer_.async_wait([this](const std::error_code &) { late(); });
  }

private:
  void late() { ::usleep(9); } // finding: blocking-call-in-coroutine certain
  asio::io_context &service_;
  asio::steady_timer timer_;
  std::thread worker_;
};

int main() {
  Clock clock;
  clock.start();
  Server server;
  server.start();
  asio::io_context loop;
  Session session(loop);
  session.start();
  server.run();
  loop.run();
}
