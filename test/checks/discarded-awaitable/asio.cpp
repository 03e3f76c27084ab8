// Asio: awaitables from use_awaitable are lazy; co_spawn takes them, with `detached` it gives nothing back.
// REQUIRES: asio
// RUN: %verify %s -- -std=c++20 -DASIO_HAS_CO_AWAIT -DASIO_HAS_STD_COROUTINE
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;

awaitable<void> session(tcp::socket);

awaitable<void> drops(tcp::socket socket, asio::steady_timer timer) {
  auto executor = co_await asio::this_coro::executor;
  asio::async_write(socket, asio::buffer("x"), use_awaitable); // finding: discarded-awaitable certain "the task never runs"
  timer.async_wait(use_awaitable); // finding: discarded-awaitable certain
  asio::post(executor, use_awaitable); // finding: discarded-awaitable certain
  session(tcp::socket(executor)); // finding: discarded-awaitable certain
}

// With this token the spawn itself is awaited for; dropped, it never happens.
awaitable<void> co_spawn_with_use_awaitable(tcp::socket socket) {
  auto executor = co_await asio::this_coro::executor;
  asio::co_spawn(executor, session(std::move(socket)), use_awaitable); // finding: discarded-awaitable certain
}
awaitable<void> co_spawn_stored(tcp::socket socket) {
  auto executor = co_await asio::this_coro::executor;
  auto spawned = asio::co_spawn(executor, session(std::move(socket)), use_awaitable); // finding: discarded-awaitable
}
awaitable<void> co_spawn_awaited(tcp::socket socket) {
  auto executor = co_await asio::this_coro::executor;
  co_await asio::co_spawn(executor, session(std::move(socket)), use_awaitable);
}

awaitable<void> stores(asio::steady_timer timer, bool wait) {
  auto expired = timer.async_wait(use_awaitable); // finding: discarded-awaitable likely
  if (wait) co_await std::move(expired);
}

awaitable<void> does_not(tcp::socket socket, asio::steady_timer timer) {
  auto executor = co_await asio::this_coro::executor;
  asio::co_spawn(executor, session(tcp::socket(executor)), asio::detached);
  asio::co_spawn(executor, session(tcp::socket(executor)), [](std::exception_ptr) {});
  asio::post(executor, asio::detached);
  timer.async_wait(asio::detached);
  timer.async_wait([](auto) {});
  co_await asio::async_write(socket, asio::buffer("x"), use_awaitable);
  auto expired = timer.async_wait(use_awaitable);
  co_await std::move(expired);
  co_await asio::co_spawn(executor, session(std::move(socket)), use_awaitable);
}
