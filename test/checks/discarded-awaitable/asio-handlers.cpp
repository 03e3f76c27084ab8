// Asio calls completion handlers and does not look at what they give: a coroutine is no handler, co_spawn starts it.
// REQUIRES: asio
// RUN: %verify %s -- -std=c++20 -DASIO_HAS_CO_AWAIT -DASIO_HAS_STD_COROUTINE
#include <asio/awaitable.hpp>
#include <asio/bind_executor.hpp>
#include <asio/co_spawn.hpp>
#include <asio/defer.hpp>
#include <asio/detached.hpp>
#include <asio/dispatch.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/strand.hpp>
#include <asio/thread_pool.hpp>
#include <asio/write.hpp>

asio::awaitable<void> session();
asio::awaitable<void> on_timer(std::error_code);

void posts(asio::io_context &context, asio::thread_pool &pool) {
  asio::post(context, []() -> asio::awaitable<void> { co_return; }); // finding: discarded-awaitable certain "'asio::post' drops the awaitable that the lambda returns; the task never runs"
  asio::post(context, session); // finding: discarded-awaitable certain "'session'"
  asio::post([] { return session(); }); // finding: discarded-awaitable certain
  asio::dispatch(pool, [] { return session(); }); // finding: discarded-awaitable certain
  asio::defer(context, []() -> asio::awaitable<void> { co_return; }); // finding: discarded-awaitable certain
  context.post([]() -> asio::awaitable<void> { co_return; }); // finding: discarded-awaitable certain
}
void handlers(asio::steady_timer &timer, asio::ip::tcp::socket &socket, asio::io_context &context) {
  timer.async_wait([](std::error_code) -> asio::awaitable<void> { co_return; }); // finding: discarded-awaitable certain
  timer.async_wait(on_timer); // finding: discarded-awaitable certain
  asio::async_write(socket, asio::buffer("x"), [](std::error_code, std::size_t) -> asio::awaitable<void> { co_return; }); // finding: discarded-awaitable certain
  socket.async_read_some(asio::mutable_buffer(), [](std::error_code, std::size_t) { return session(); }); // finding: discarded-awaitable certain
  asio::co_spawn(context, session(), [](std::exception_ptr) -> asio::awaitable<void> { co_return; }); // finding: discarded-awaitable certain
}

void silent(asio::steady_timer &timer, asio::io_context &context) {
  asio::co_spawn(context, []() -> asio::awaitable<void> { co_return; }, asio::detached);
  asio::co_spawn(context, session, asio::detached);
  asio::post(context, [&context] { asio::co_spawn(context, session(), asio::detached); });
  timer.async_wait([&context](std::error_code) { asio::co_spawn(context, session(), asio::detached); });
  asio::post(context, [] { return 1; });
  timer.async_wait([](std::error_code) { (void)session(); });
}
