// A chat room on a strand: callbacks and coroutines mixed.
#include <asio.hpp>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

using asio::ip::tcp;

class Member : public std::enable_shared_from_this<Member> {
public:
  explicit Member(tcp::socket socket) : socket_(std::move(socket)), wake_(socket_.get_executor()) {
    wake_.expires_at(std::chrono::steady_clock::time_point::max());
  }
  void say(std::string line) {
    waiting_.push_back(std::move(line));
    wake_.cancel_one();
  }
  asio::awaitable<void> write_all() {
    for (;;) {
      while (!waiting_.empty()) {
        std::string line = std::move(waiting_.front());
        waiting_.pop_front();
        co_await asio::async_write(socket_, asio::buffer(line), asio::use_awaitable);
      }
      asio::error_code woken;
      co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
  }
  tcp::socket &socket() { return socket_; }

private:
  tcp::socket socket_;
  asio::steady_timer wake_;
  std::deque<std::string> waiting_;
};

class Room {
public:
  explicit Room(asio::io_context &loop) : strand_(asio::make_strand(loop)) {}
  void enter(std::shared_ptr<Member> member) {
    asio::dispatch(strand_, [this, member] { members_.insert(member); });
  }
  void tell(std::string line) {
    asio::post(strand_, [this, line = std::move(line)] {
      for (const auto &member : members_)
        member->say(line);
    });
  }

private:
  asio::strand<asio::io_context::executor_type> strand_;
  std::set<std::shared_ptr<Member>> members_;
};

asio::awaitable<void> listen_to(std::shared_ptr<Member> member, Room &room) {
  std::string input;
  for (;;) {
    std::size_t size = co_await asio::async_read_until(member->socket(), asio::dynamic_buffer(input), '\n', asio::use_awaitable);
    room.tell(input.substr(0, size));
    input.erase(0, size);
  }
}

int main() {
  asio::io_context loop;
  Room room(loop);
  tcp::acceptor acceptor(loop, {tcp::v4(), 7002});
  asio::co_spawn(
      loop,
      [&]() -> asio::awaitable<void> {
        for (;;) {
          auto member = std::make_shared<Member>(co_await acceptor.async_accept(asio::use_awaitable));
          room.enter(member);
          asio::co_spawn(loop, listen_to(member, room), asio::detached);
          asio::co_spawn(loop, member->write_all(), asio::detached);
        }
      },
      asio::detached);
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([&] { loop.run(); });
  for (std::thread &thread : threads)
    thread.join();
}
