// Several threads in one asio loop: one waits for events, the others on a condition variable for their turn, which is
// no stall. What a callback waits for is a call that blocks: another condition variable, and poll, by which asio's
// synchronous operations wait.
#include <asio.hpp>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using asio::ip::tcp;

std::mutex mutex;
std::condition_variable condition;

[[gnu::noinline]] void wait_for_nobody() {
  std::unique_lock guard(mutex);
  condition.wait_for(guard, 250ms); // block pthread_cond_clockwait outside 1, slow 1
}
[[gnu::noinline]] void read_now(tcp::socket &socket) {
  char byte;
  asio::read(socket, asio::buffer(&byte, 1)); // block poll outside 1, slow 1
}

int main() {
  asio::io_context context(3);
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  tcp::socket client(context), server(context);
  client.connect(acceptor.local_endpoint());
  acceptor.accept(server);
  client.native_non_blocking(true); // as after any asynchronous operation

  asio::steady_timer first(context, 400ms), second(context, 450ms), answer(context, 700ms), last(context, 1200ms);
  first.async_wait([](std::error_code) { wait_for_nobody(); });
  second.async_wait([&](std::error_code) { read_now(client); });
  answer.async_wait([&](std::error_code) { asio::write(server, asio::buffer("x", 1)); });
  last.async_wait([](std::error_code) {});
  // They come and go: each thread has waited for events by the time that the first timer is due.
  std::vector<asio::steady_timer> ticks;
  for (int i = 0; i < 100; ++i) {
    ticks.emplace_back(context, i * 3ms);
    ticks.back().async_wait([](std::error_code) { std::this_thread::sleep_for(2ms); });
  }

  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) threads.emplace_back([&] { context.run(); }); // no-stall
  context.run();                                                            // no-stall
  for (std::thread &thread : threads) thread.join();
}
