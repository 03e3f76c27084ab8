// Balances, shared by all sessions.
#pragma once
#include "async_mutex.h"
#include <asio/awaitable.hpp>
#include <map>
#include <mutex>
#include <string>

class Accounts {
public:
  explicit Accounts(asio::any_io_executor executor) : statements_lock_(std::move(executor)) {}

  asio::awaitable<bool> transfer(std::string from, std::string to, long cents);
  asio::awaitable<std::string> statement(std::string account);
  long balance(const std::string &account) const;

private:
  mutable std::mutex mutex_;
  std::map<std::string, long> balances_{{"ann", 10'000}, {"bob", 5'000}};
  AsyncMutex statements_lock_;
  std::map<std::string, std::string> statements_;
};
