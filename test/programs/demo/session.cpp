// One client: "ann bob 250" moves 2.50 from ann to bob. One of the demo's mistakes is here.
#include "session.h"
#include "audit.h"
#include <asio/buffer.hpp>
#include <asio/post.hpp>
#include <asio/read_until.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <sstream>

asio::awaitable<void> session(asio::ip::tcp::socket socket, Accounts &accounts, asio::thread_pool &workers) {
  std::string input;
  for (;;) {
    std::size_t size = co_await asio::async_read_until(socket, asio::dynamic_buffer(input), '\n', asio::use_awaitable);
    std::istringstream words(input.substr(0, size));
    input.erase(0, size);
    std::string from, to;
    long cents = 0;
    words >> from >> to >> cents;

    bool done = co_await accounts.transfer(from, to, cents);
    audit::record(from + " " + to + " " + std::to_string(cents)); // the loop waits for the disk

    // The same on a worker thread is fine, and the tool says nothing about it.
    asio::post(workers, [line = from + (done ? " ok" : " refused")] { audit::record(line); });

    std::string answer = co_await accounts.statement(from) + "\n";
    co_await asio::async_write(socket, asio::buffer(answer), asio::use_awaitable);
  }
}
