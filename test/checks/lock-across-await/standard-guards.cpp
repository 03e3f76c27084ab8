// RUN: %verify %s
// The guards of the standard library, with and without template arguments. Each: held, and its scope ended.
#include "../Inputs/task.h"
#include <mutex>
#include <shared_mutex>

std::mutex g_mutex, g_other;
std::recursive_mutex g_recursive;
std::timed_mutex g_timed;
std::shared_mutex g_shared;
std::shared_timed_mutex g_shared_timed;

task<> lock_guard() {
  std::lock_guard<std::mutex> lock(g_mutex);
  co_await tick(); // finding: lock-across-await certain "'lock_guard' keeps 'g_mutex' locked" "locks 'g_mutex' through 'lock'"
}
task<> lock_guard_fixed() {
  {
    std::lock_guard<std::mutex> lock(g_mutex);
  }
  co_await tick();
}
task<> deduced() {
  std::lock_guard lock{g_mutex};
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> deduced_fixed() {
  { std::lock_guard lock{g_mutex}; }
  co_await tick();
}
task<> scoped_lock() {
  std::scoped_lock<std::mutex> lock(g_mutex);
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> scoped_lock_of_two() {
  std::scoped_lock lock(g_mutex, g_timed);
  co_await tick(); // finding: lock-across-await certain "'g_mutex' and 'g_timed'" "one of them"
}
task<> scoped_lock_of_none() {
  std::scoped_lock lock;
  co_await tick();
}
task<> scoped_lock_adopting() {
  std::lock(g_mutex, g_other);
  std::scoped_lock lock(std::adopt_lock, g_mutex, g_other);
  co_await tick(); // finding: lock-across-await certain "'g_mutex' and 'g_other'"
}
task<> scoped_lock_fixed() {
  { std::scoped_lock lock(g_mutex, g_timed); }
  co_await tick();
}
task<> unique_lock() {
  std::unique_lock<std::mutex> lock(g_mutex);
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> unique_lock_deduced() {
  auto lock = std::unique_lock(g_mutex);
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> unique_lock_fixed() {
  std::unique_lock lock(g_mutex);
  lock.unlock();
  co_await tick();
}
task<> shared_lock() {
  std::shared_lock lock(g_shared);
  co_await tick(); // finding: lock-across-await certain "'g_shared'"
}
task<> shared_lock_timed() {
  std::shared_lock<std::shared_timed_mutex> lock{g_shared_timed};
  co_await tick(); // finding: lock-across-await certain "'g_shared_timed'"
}
task<> shared_lock_fixed() {
  std::shared_lock lock(g_shared);
  lock.unlock();
  co_await tick();
}
task<> exclusive_on_shared() {
  std::unique_lock lock(g_shared);
  co_await tick(); // finding: lock-across-await certain "'g_shared'"
}
task<> recursive() {
  std::lock_guard outer(g_recursive);
  std::lock_guard inner(g_recursive);
  co_await tick(); // finding: lock-across-await certain "'g_recursive'"
}
task<> recursive_once_unlocked() {
  g_recursive.lock();
  g_recursive.lock();
  g_recursive.unlock();
  co_await tick(); // finding: lock-across-await "'g_recursive'"
  g_recursive.unlock();
}
task<> recursive_fixed() {
  g_recursive.lock();
  g_recursive.lock();
  g_recursive.unlock();
  g_recursive.unlock();
  co_await tick();
}
task<> local_mutex() { // no one else can want it, but a pool may resume, and so unlock, on another thread
  std::mutex mutex;
  std::lock_guard lock(mutex);
  co_await tick(); // finding: lock-across-await "'mutex'"
}

// No coroutine, no suspension.
int plain() {
  std::lock_guard<std::mutex> lock(g_mutex);
  return 1;
}
awaitable<> starts_only() {
  std::lock_guard<std::mutex> lock(g_mutex);
  return tick();
}
task<> never_awaits() {
  std::lock_guard<std::mutex> lock(g_mutex);
  co_return;
}
task<> awaits_before() {
  co_await tick();
  std::lock_guard<std::mutex> lock(g_mutex);
}
