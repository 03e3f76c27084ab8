// Balances. Two of the demo's mistakes are here.
#include "accounts.h"
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <chrono>

namespace {

asio::awaitable<void> ask_fraud_service() {
  asio::steady_timer answer(co_await asio::this_coro::executor, std::chrono::milliseconds(20));
  co_await answer.async_wait(asio::use_awaitable);
}

} // namespace

long Accounts::balance(const std::string &account) const {
  std::lock_guard lock(mutex_);
  auto found = balances_.find(account);
  return found == balances_.end() ? 0 : found->second;
}

asio::awaitable<bool> Accounts::transfer(std::string from, std::string to, long cents) {
  std::lock_guard lock(mutex_);
  if (balances_[from] < cents) co_return false;
  co_await ask_fraud_service(); // still holds mutex_
  balances_[from] -= cents;
  balances_[to] += cents;
  co_return true;
}

asio::awaitable<std::string> Accounts::statement(std::string account) {
  auto guard = statements_lock_.lock(); // takes nothing: the lock is never awaited
  std::string &text = statements_[account];
  if (text.empty()) {
    co_await ask_fraud_service();
    text = account + ": " + std::to_string(balance(account));
  }
  co_return text;
}
