// A lock for coroutines of one event loop: waiting for it suspends the coroutine, not the thread.
#pragma once
#include <asio/awaitable.hpp>
#include <asio/any_io_executor.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <utility>

class AsyncMutex {
public:
  class Guard {
  public:
    explicit Guard(AsyncMutex *mutex) : mutex_(mutex) {}
    Guard(Guard &&other) noexcept : mutex_(std::exchange(other.mutex_, nullptr)) {}
    ~Guard() {
      if (mutex_) mutex_->unlock();
    }

  private:
    AsyncMutex *mutex_;
  };

  explicit AsyncMutex(asio::any_io_executor executor)
      : released_(std::move(executor), asio::steady_timer::time_point::max()) {}

  asio::awaitable<Guard> lock() {
    while (locked_) {
      asio::error_code woken;
      co_await released_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    locked_ = true;
    co_return Guard(this);
  }

private:
  void unlock() {
    locked_ = false;
    released_.cancel_one();
  }

  bool locked_ = false;
  asio::steady_timer released_;
};
