// RUN: %verify %s
// Guards that a function gives back.
#include "../Inputs/task.h"
#include <mutex>
#include <optional>
#include <utility>

std::mutex g_mutex;
bool ready();

std::unique_lock<std::mutex> lock_global() { return std::unique_lock<std::mutex>(g_mutex); }
auto lock_deduced() {
  std::unique_lock lock(g_mutex);
  return lock;
}
std::lock_guard<std::mutex> lock_elided() { return std::lock_guard<std::mutex>(g_mutex); }
std::scoped_lock<std::mutex> lock_braced() { return std::scoped_lock{g_mutex}; }
std::unique_lock<std::mutex> lock_that(std::mutex &m) { return std::unique_lock(m); }
std::unique_lock<std::mutex> chain() { return lock_global(); }
std::unique_lock<std::mutex> chain_of_that(std::mutex &m) {
  auto lock = lock_that(m);
  use(1);
  return lock;
}
std::unique_lock<std::mutex> deferred() { return {g_mutex, std::defer_lock}; }
std::unique_lock<std::mutex> unlocked() {
  std::unique_lock lock(g_mutex);
  lock.unlock();
  return lock;
}
std::unique_lock<std::mutex> empty() { return {}; }
std::unique_lock<std::mutex> maybe() {
  if (ready())
    return {};
  return std::unique_lock(g_mutex);
}
std::unique_lock<std::mutex> attempt() { return std::unique_lock(g_mutex, std::try_to_lock); }
std::unique_lock<std::mutex> elsewhere(); // in no file of the program
std::optional<std::unique_lock<std::mutex>> optional_guard() {
  if (ready())
    return std::nullopt;
  return std::unique_lock(g_mutex);
}
class registry {
public:
  [[nodiscard]] std::unique_lock<std::mutex> lock() const { return std::unique_lock(mutex_); }

private:
  mutable std::mutex mutex_;
};
registry g_registry;

task<> by_value() {
  auto lock = lock_global();
  co_await tick(); // finding: lock-across-await certain "'g_mutex'" "acquired by"
}
task<> by_value_fixed() {
  { auto lock = lock_global(); }
  co_await tick();
}
task<> by_value_unlocked() {
  auto lock = lock_global();
  lock.unlock();
  co_await tick();
}
task<> by_value_named_type() {
  std::unique_lock<std::mutex> lock = lock_deduced();
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> elided() {
  auto lock = lock_elided();
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> braced() {
  auto lock = lock_braced();
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> of_argument(std::mutex &mine) {
  auto lock = lock_that(mine);
  co_await tick(); // finding: lock-across-await certain "'mine'"
}
task<> through_chain() {
  auto lock = chain();
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> through_chain_of_argument(std::mutex &mine) {
  auto lock = chain_of_that(mine);
  co_await tick(); // finding: lock-across-await certain "'mine'"
}
task<> through_member() {
  auto lock = g_registry.lock();
  co_await tick(); // finding: lock-across-await certain "'g_registry.mutex_'"
}
task<> through_member_fixed() {
  { auto lock = g_registry.lock(); }
  co_await tick();
}
task<> temporary() {
  g_registry.lock();
  (void)lock_global();
  co_await tick();
}
task<> temporary_in_await() {
  co_await save(lock_global() ? 1 : 2); // finding: lock-across-await "'g_mutex'"
}
task<> returned_deferred() {
  auto lock = deferred();
  co_await tick();
}
task<> returned_unlocked() {
  auto lock = unlocked();
  co_await tick();
}
task<> returned_empty() {
  auto lock = empty();
  co_await tick();
}
task<> returned_maybe() {
  auto lock = maybe();
  co_await tick(); // finding: lock-across-await likely "'g_mutex'"
}
task<> returned_maybe_checked() {
  auto lock = maybe();
  if (!lock)
    co_await tick();
}
task<> returned_attempt() {
  if (auto lock = attempt())
    co_await tick(); // finding: lock-across-await "'g_mutex'"
  else
    co_await tick();
}
task<> unknown() {
  auto lock = elsewhere();
  co_await tick(); // finding: lock-across-await likely "takes the guard that 'elsewhere' returns"
}
task<> unknown_unlocked() {
  auto lock = elsewhere();
  lock.unlock();
  co_await tick();
}
task<> in_optional() {
  auto lock = optional_guard();
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> awaited_guard() {
  auto co_get = []() -> task<std::unique_lock<std::mutex>> { co_return std::unique_lock<std::mutex>(g_mutex); };
  auto lock = co_await co_get();
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
