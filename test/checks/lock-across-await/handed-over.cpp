// RUN: %verify %s
// A guard that is given to the awaited call is that call's business: a condition variable of coroutines unlocks it.
#include "../Inputs/task.h"
#include <mutex>
#include <utility>

std::mutex g_mutex, g_other;
struct async_condition {
  template <class Lock> awaitable<> wait(Lock &lock);
  template <class Lock> task<> wait(Lock &lock, bool (*predicate)());
  void notify_one();
};
async_condition g_condition;
bool g_ready;

task<> waits() {
  std::unique_lock lock(g_mutex);
  while (!g_ready)
    co_await g_condition.wait(lock);
  use(1);
}
task<> waits_with_predicate() {
  std::unique_lock lock(g_mutex);
  co_await g_condition.wait(lock, [] { return g_ready; });
}
task<> waits_with_mutex() {
  g_mutex.lock();
  co_await g_condition.wait(g_mutex);
  g_mutex.unlock();
}
task<> waits_with_another() {
  std::lock_guard other(g_other);
  std::unique_lock lock(g_mutex);
  co_await g_condition.wait(lock); // finding: lock-across-await certain "keeps 'g_other' locked"
}
task<> waits_then_awaits() {
  std::unique_lock lock(g_mutex);
  co_await g_condition.wait(lock);
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> takes_it(std::unique_lock<std::mutex> lock) {
  use(1);
  lock.unlock();
  co_await tick();
}
task<> moved_to_the_awaited() {
  std::unique_lock lock(g_mutex);
  co_await takes_it(std::move(lock));
}
// An awaiter with the guard as a field: it unlocks when it has suspended the coroutine.
struct unlocking_awaiter {
  std::unique_lock<std::mutex> &lock;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) { lock.unlock(); }
  void await_resume() { lock.lock(); }
};
task<> awaits_own_awaiter() {
  std::unique_lock lock(g_mutex);
  co_await unlocking_awaiter{lock};
}
// The condition variable is told the mutex, the guard only cleans up.
task<> waits_with_the_mutex_of_a_guard() {
  std::unique_lock lock(g_mutex);
  co_await g_condition.wait(g_mutex);
}
task<std::unique_lock<std::mutex>> guard_from_elsewhere();
task<> waits_with_the_mutex_of_an_unknown_guard() {
  auto lock = co_await guard_from_elsewhere();
  co_await g_condition.wait(g_mutex);
}
task<> waits_for_a_stored_wait() {
  std::unique_lock lock(g_mutex);
  auto wait = g_condition.wait(lock);
  co_await wait;
}
struct value {
  std::mutex mutex;
  int number;
};
task<> given_what_it_guards(value &v) {
  std::lock_guard lock(v.mutex);
  co_await save(v.number); // finding: lock-across-await certain "'v.mutex'"
}
