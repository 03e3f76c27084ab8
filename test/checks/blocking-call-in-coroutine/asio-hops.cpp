// Asio: `co_await post(pool, use_awaitable)` comes back to the coroutine's own executor; only a token that is bound to
// the pool moves it.
// REQUIRES: asio
// RUN: %verify %s -- -DASIO_HAS_CO_AWAIT -DASIO_HAS_STD_COROUTINE
#include <asio.hpp>
#include <thread>
using asio::awaitable;
using asio::use_awaitable;
using namespace std::chrono_literals;

awaitable<void> comes_back(asio::thread_pool &pool) {
  co_await asio::post(pool, use_awaitable);
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
}
awaitable<void> moves(asio::thread_pool &pool, asio::io_context &context) {
  co_await asio::post(asio::bind_executor(pool, use_awaitable));
  std::this_thread::sleep_for(1s);
  co_await asio::post(asio::bind_executor(context, use_awaitable));
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
}
awaitable<void> moves_by_dispatch(asio::thread_pool &pool) {
  co_await asio::dispatch(asio::bind_executor(pool.get_executor(), use_awaitable));
  std::this_thread::sleep_for(1s);
}

awaitable<void> work() {
  std::this_thread::sleep_for(1s);
  co_return;
}
awaitable<void> awaits_a_child_on_the_pool(asio::thread_pool &pool) {
  co_await asio::co_spawn(pool, work(), use_awaitable);
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
}
awaitable<void> awaits_asynchronous_operations(asio::ip::tcp::socket &socket) {
  char data[64];
  co_await socket.async_read_some(asio::buffer(data), use_awaitable);
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
}

int main() {
  asio::io_context context;
  asio::thread_pool pool;
  asio::ip::tcp::socket socket(context);
  asio::co_spawn(context, comes_back(pool), asio::detached);
  asio::co_spawn(context, moves(pool, context), asio::detached);
  asio::co_spawn(context, moves_by_dispatch(pool), asio::detached);
  asio::co_spawn(context, awaits_a_child_on_the_pool(pool), asio::detached);
  asio::co_spawn(context, awaits_asynchronous_operations(socket), asio::detached);
}
