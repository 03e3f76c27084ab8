// Asio: asking for the executor does not suspend, an asynchronous operation does.
// REQUIRES: asio
// RUN: %verify %s -- -std=c++20 -DASIO_STANDALONE -DASIO_HAS_CO_AWAIT -DASIO_HAS_STD_COROUTINE
#include <asio.hpp>
#include <mutex>

std::mutex g_mutex;

asio::awaitable<void> asks() {
  std::lock_guard lock(g_mutex);
  auto executor = co_await asio::this_coro::executor;
  (void)executor;
}
asio::awaitable<void> waits() {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  std::lock_guard lock(g_mutex);
  co_await timer.async_wait(asio::use_awaitable); // finding: lock-across-await certain "'g_mutex'"
}
asio::awaitable<void> waits_fixed() {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  { std::lock_guard lock(g_mutex); }
  co_await timer.async_wait(asio::use_awaitable);
}
