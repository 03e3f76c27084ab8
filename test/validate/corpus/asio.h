// What every asio program of the corpus includes; precompiled, since asio costs more than the rest of a program.
#ifndef TENTERHOOK_TEST_VALIDATE_CORPUS_ASIO_H
#define TENTERHOOK_TEST_VALIDATE_CORPUS_ASIO_H

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>

#include <chrono>
#include <cstdlib>
#include <future>
#include <mutex>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;

// Waits without blocking.
inline asio::awaitable<void> pause_for(std::chrono::nanoseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

#endif
