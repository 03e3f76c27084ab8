// RUN: %verify %s
// Ways out by exception: what a try block made is gone in its handlers; who throws does not come back.
#include "../Inputs/task.h"
#include <mutex>

std::mutex g_mutex;
bool ready();

void locks_or_throws() {
  g_mutex.lock();
  if (ready())
    throw 1;
  g_mutex.unlock();
}
void locks_and_throws_else() {
  g_mutex.lock();
  if (!ready()) {
    g_mutex.unlock();
    throw 1;
  }
}
template <class F> struct finally {
  F f;
  ~finally() { f(); }
};

task<> guard_in_try() {
  try {
    std::unique_lock lock(g_mutex);
    if (ready())
      throw 1;
    lock.unlock();
  } catch (...) {
    use(2);
  }
  co_await tick();
}
task<> guard_around_try() {
  std::lock_guard lock(g_mutex);
  try {
    if (ready())
      throw 1;
  } catch (int) {
  }
  co_await tick(); // finding: lock-across-await certain
}
task<> by_hand_in_try() {
  try {
    g_mutex.lock();
    if (ready())
      throw 1;
    g_mutex.unlock();
  } catch (int) {
  }
  co_await tick(); // finding: lock-across-await likely
}
task<> by_hand_handled() {
  g_mutex.lock();
  try {
    use(1);
  } catch (...) {
    g_mutex.unlock();
    throw;
  }
  g_mutex.unlock();
  co_await tick();
}
task<> failure_awaited_later() {
  bool failed = false;
  g_mutex.lock();
  try {
    use(1);
  } catch (...) {
    failed = true;
  }
  g_mutex.unlock();
  if (failed)
    co_await tick();
}
task<> helper_throws() {
  locks_or_throws();
  co_await tick();
}
task<> helper_throws_else() {
  locks_and_throws_else();
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
  g_mutex.unlock();
}
task<> scope_guard_unlocks() {
  {
    g_mutex.lock();
    finally done{[] { g_mutex.unlock(); }};
    use(1);
  }
  co_await tick();
}
task<> nested_tries() {
  try {
    std::lock_guard outer(g_mutex);
    try {
      if (ready())
        throw 1;
    } catch (int) {
      use(1);
    }
    co_await tick(); // finding: lock-across-await certain
  } catch (...) {
  }
  co_await tick();
}
