// asio's coroutines (co_spawn, awaitable): blocking calls, a lock across an await, a stall; and an echo over sockets,
// which asio makes non-blocking.
#if defined(__clang__) // asio 1.22 knows coroutines of g++ only
#define ASIO_HAS_CO_AWAIT 1
#define ASIO_HAS_STD_COROUTINE 1
#endif
#include <asio.hpp>
#include <asio/co_spawn.hpp>

#include <chrono>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;
using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;

std::mutex across, within;

awaitable<void> co_pause(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(use_awaitable);
}
[[gnu::noinline]] void helper() {
  std::this_thread::sleep_for(25ms); // block nanosleep|clock_nanosleep inside 2
}
awaitable<void> co_sleeps() {
  usleep(25000); // block usleep inside 1
  co_await co_pause(1ms);
  usleep(25000); // block usleep inside 1
  for (int i = 0; i < 2; ++i) {
    helper();
    co_await co_pause(1ms);
  }
}
awaitable<void> co_across() {
  for (int i = 0; i < 3; ++i) {
    {
      std::lock_guard guard(across); // held 3
      co_await co_pause(1ms);
    }
    std::lock_guard guard(within); // never
  }
}
awaitable<void> co_stalls() {
  co_await co_pause(1ms);
  for (auto until = std::chrono::steady_clock::now() + 300ms; std::chrono::steady_clock::now() < until;) {
  } // stall-near 1
}

awaitable<void> co_echo(tcp::socket socket) {
  char data[64];
  for (int i = 0; i < 200; ++i) {
    std::size_t size = co_await socket.async_read_some(asio::buffer(data), use_awaitable); // never
    co_await asio::async_write(socket, asio::buffer(data, size), use_awaitable);           // never
  }
}
awaitable<void> co_listen(tcp::acceptor &acceptor) {
  co_await co_echo(co_await acceptor.async_accept(use_awaitable));
}
awaitable<void> co_client(unsigned short port) {
  tcp::socket socket(co_await asio::this_coro::executor);
  co_await socket.async_connect({asio::ip::address_v4::loopback(), port}, use_awaitable);
  char data[64] = {};
  for (int i = 0; i < 200; ++i) {
    co_await asio::async_write(socket, asio::buffer(data), use_awaitable);                 // never
    co_await asio::async_read(socket, asio::buffer(data), use_awaitable);                  // never
  }
}

int main() {
  asio::io_context context(1);
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  co_spawn(context, co_listen(acceptor), asio::detached);
  co_spawn(context, co_client(acceptor.local_endpoint().port()), asio::detached);
  context.run();
  context.restart();
  co_spawn(context, co_sleeps(), asio::detached);
  co_spawn(context, co_across(), asio::detached);
  co_spawn(context, co_stalls(), asio::detached);
  context.run();
}
