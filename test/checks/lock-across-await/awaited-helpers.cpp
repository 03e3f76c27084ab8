// RUN: %verify %s
// Coroutines that take a lock and leave it to whoever awaits them.
#include "../Inputs/task.h"
#include <mutex>

std::mutex g_mutex, g_other;

task<> take() {
  g_mutex.lock();
  co_return;
}
task<> give() {
  g_mutex.unlock();
  co_return;
}
task<std::unique_lock<std::mutex>> guard_of(std::mutex &m) { co_return std::unique_lock(m); }
task<std::unique_lock<std::mutex>> guard_after_work(std::mutex &m) {
  co_await tick();
  std::unique_lock lock(m);
  co_return lock;
}
task<std::unique_lock<std::mutex>> no_guard() { co_return std::unique_lock<std::mutex>(); }
task<bool> try_take() { co_return g_mutex.try_lock(); }
task<> unlocks(std::unique_lock<std::mutex> &lock) {
  lock.unlock();
  co_await tick();
}
task<std::unique_lock<std::mutex>> elsewhere();

task<> left_locked() {
  co_await take();
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
  g_mutex.unlock();
}
task<> left_and_unlocked() {
  co_await take();
  g_mutex.unlock();
  co_await tick();
}
task<> started_and_not_awaited() {
  spawn(take());
  co_await tick();
}
task<> unlocked_by_the_awaited() {
  g_mutex.lock();
  co_await give(); // finding: lock-across-await certain "'g_mutex'"
  co_await tick();
}
task<> guard_awaited() {
  auto lock = co_await guard_of(g_other);
  co_await tick(); // finding: lock-across-await certain "'g_other'"
}
task<> guard_awaited_fixed() {
  { auto lock = co_await guard_of(g_other); }
  co_await tick();
}
task<> guard_awaited_after_work() {
  auto lock = co_await guard_after_work(g_other);
  co_await tick(); // finding: lock-across-await certain "'g_other'"
}
task<> guard_awaited_empty() {
  auto lock = co_await no_guard();
  co_await tick();
}
task<> guard_awaited_unknown() {
  auto lock = co_await elsewhere();
  co_await tick(); // finding: lock-across-await likely "takes the guard that 'elsewhere' returns"
}
task<> attempt_awaited() {
  if (co_await try_take()) {
    co_await tick(); // finding: lock-across-await certain "'g_mutex'"
    g_mutex.unlock();
  } else {
    co_await tick();
  }
}
task<> given_to_one_that_unlocks() {
  std::unique_lock lock(g_mutex);
  co_await unlocks(lock);
  co_await tick();
}
