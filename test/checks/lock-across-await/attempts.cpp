// RUN: %verify %s
// Attempts to lock: only the branch that succeeded holds the lock.
#include "../Inputs/task.h"
#include <chrono>
#include <mutex>
#include <shared_mutex>

std::mutex g_mutex;
std::timed_mutex g_timed;
std::shared_mutex g_shared;
using namespace std::chrono_literals;

task<> succeeded() {
  if (g_mutex.try_lock()) {
    co_await tick(); // finding: lock-across-await certain "'g_mutex'"
    g_mutex.unlock();
  }
}
task<> failed() {
  if (g_mutex.try_lock())
    g_mutex.unlock();
  else
    co_await tick();
}
task<> failed_negated() {
  if (!g_mutex.try_lock()) {
    co_await tick();
    co_return;
  }
  g_mutex.unlock();
}
task<> succeeded_negated() {
  if (!g_mutex.try_lock())
    co_return;
  co_await tick(); // finding: lock-across-await certain
  g_mutex.unlock();
}
task<> compared() {
  if (g_mutex.try_lock() == false) {
    co_await tick();
    co_return;
  }
  g_mutex.unlock();
}
task<> in_variable() {
  bool locked = g_mutex.try_lock();
  if (!locked)
    co_await tick();
  if (locked) {
    co_await tick(); // finding: lock-across-await
    g_mutex.unlock();
  }
}
task<> in_variable_fixed() {
  const bool locked = g_mutex.try_lock();
  if (locked)
    g_mutex.unlock();
  co_await tick();
}
task<> in_init() {
  if (bool locked = g_mutex.try_lock(); !locked)
    co_await tick();
  else
    g_mutex.unlock();
}
task<> until_it_works() {
  while (!g_mutex.try_lock())
    co_await tick();
  use(1);
  g_mutex.unlock();
}
task<> until_it_works_and_on() {
  while (!g_mutex.try_lock())
    co_await tick();
  co_await tick(); // finding: lock-across-await certain
  g_mutex.unlock();
}
task<> and_another_condition(bool wanted) {
  if (wanted && g_mutex.try_lock()) {
    use(1);
    g_mutex.unlock();
  }
  co_await tick();
}
task<> guard_tries() {
  std::unique_lock lock(g_mutex, std::try_to_lock);
  if (lock)
    co_await tick(); // finding: lock-across-await certain
}
task<> guard_tries_and_fails() {
  std::unique_lock lock(g_mutex, std::try_to_lock);
  if (!lock)
    co_await tick();
}
task<> guard_tries_owns() {
  std::unique_lock lock(g_mutex, std::try_to_lock);
  if (!lock.owns_lock()) {
    co_await tick();
    co_return;
  }
  use(1);
}
task<> guard_tries_owns_in_variable() {
  std::unique_lock lock(g_mutex, std::try_to_lock);
  const bool owns = lock.owns_lock();
  if (!owns)
    co_await tick();
}
task<> guard_tries_init() {
  if (std::unique_lock lock(g_mutex, std::try_to_lock); lock.owns_lock())
    use(1);
  else
    co_await tick();
}
task<> guard_tries_declared() {
  if (std::unique_lock lock{g_mutex, std::try_to_lock}; !lock)
    co_await tick();
  else
    co_await tick(); // finding: lock-across-await certain
}
task<> guard_tries_unchecked() {
  std::unique_lock lock(g_mutex, std::try_to_lock);
  co_await tick(); // finding: lock-across-await likely
}
task<> guard_method() {
  std::unique_lock lock(g_mutex, std::defer_lock);
  if (lock.try_lock())
    co_await tick(); // finding: lock-across-await certain
  else
    co_await tick();
}
task<> guard_method_retry() {
  std::unique_lock lock(g_mutex, std::defer_lock);
  while (!lock.try_lock())
    co_await tick();
}
task<> timed() {
  if (g_timed.try_lock_for(1ms)) {
    co_await tick(); // finding: lock-across-await certain "'g_timed'"
    g_timed.unlock();
  } else {
    co_await tick();
  }
}
task<> timed_guard() {
  std::unique_lock lock(g_timed, 1ms);
  if (!lock)
    co_await tick();
  else
    co_await tick(); // finding: lock-across-await certain "'g_timed'"
}
task<> timed_guard_until(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(g_timed, deadline);
  if (!lock.owns_lock()) {
    co_await tick();
    co_return;
  }
  co_await tick(); // finding: lock-across-await certain "'g_timed'"
}
task<> timed_guard_method() {
  std::unique_lock lock(g_timed, std::defer_lock);
  if (!lock.try_lock_for(1ms))
    co_await tick();
}
task<> shared() {
  if (g_shared.try_lock_shared()) {
    co_await tick(); // finding: lock-across-await certain "'g_shared'"
    g_shared.unlock_shared();
  }
}
task<> shared_failed() {
  std::shared_lock lock(g_shared, std::try_to_lock);
  if (!lock.owns_lock())
    co_await tick();
}
std::mutex g_first, g_second;
task<> several() {
  if (std::try_lock(g_first, g_second) == -1) {
    std::scoped_lock lock(std::adopt_lock, g_first, g_second);
    co_await tick(); // finding: lock-across-await certain "'g_first' and 'g_second'"
  }
}
task<> several_failed() {
  if (std::try_lock(g_first, g_second) != -1) {
    co_await tick();
    co_return;
  }
  g_first.unlock();
  g_second.unlock();
}
task<> several_by_hand() { // std::try_lock says -1 for success
  if (std::try_lock(g_first, g_second) == -1) {
    co_await tick(); // finding: lock-across-await certain "'g_first' and 'g_second'"
    g_first.unlock();
    g_second.unlock();
  } else {
    co_await tick();
  }
}
task<> several_in_variable() {
  const int failed = std::try_lock(g_first, g_second);
  if (failed == -1) {
    g_first.unlock();
    g_second.unlock();
  }
  co_await tick();
}
task<> several_in_variable_held() {
  const int failed = std::try_lock(g_first, g_second);
  if (failed != -1)
    co_return;
  co_await tick(); // finding: lock-across-await certain "'g_first' and 'g_second'"
  g_first.unlock();
  g_second.unlock();
}
task<> several_one_given_back() {
  if (std::try_lock(g_first, g_second) == -1) {
    g_second.unlock();
    co_await tick(); // finding: lock-across-await certain "keeps 'g_first' locked"
    g_first.unlock();
  }
}
task<> several_first_failed() {
  if (std::try_lock(g_first, g_second) == 0)
    co_await tick();
}
task<> several_until_they_work() {
  while (std::try_lock(g_first, g_second) != -1)
    co_await tick();
  g_first.unlock();
  g_second.unlock();
}
bool take_both() { return std::try_lock(g_first, g_second) == -1; }
task<> several_by_helper() {
  if (take_both()) {
    co_await tick(); // finding: lock-across-await "'g_first' and 'g_second'"
    g_first.unlock();
    g_second.unlock();
  }
}
