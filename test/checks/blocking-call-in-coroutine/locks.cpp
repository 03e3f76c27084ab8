// Locks block too, but shortly as a rule: they count by option only.
// RUN: %verify %s --option blocking-call-in-coroutine.classes=lock
#include "../Inputs/task.h"
#include <mutex>
#include <shared_mutex>
#include <pthread.h>
using namespace std::chrono_literals;

task<> by_hand(std::mutex &m, std::shared_mutex &s, pthread_mutex_t *p, std::timed_mutex &t) {
  m.lock(); // finding: blocking-call-in-coroutine "Hold the lock only briefly, or use an async mutex."
  m.unlock();
  s.lock_shared(); // finding: blocking-call-in-coroutine
  s.unlock_shared();
  pthread_mutex_lock(p); // finding: blocking-call-in-coroutine
  pthread_mutex_unlock(p);
  if (t.try_lock_for(1s)) // finding: blocking-call-in-coroutine
    t.unlock();
  co_await tick();
}
task<> guards(std::mutex &m, std::mutex &n, std::shared_mutex &s) {
  {
    std::lock_guard lock(m); // finding: blocking-call-in-coroutine
  }
  {
    std::scoped_lock lock(m, n); // finding: blocking-call-in-coroutine
  }
  {
    std::shared_lock lock(s); // finding: blocking-call-in-coroutine
  }
  {
    std::unique_lock deferred(m, std::defer_lock);
    std::unique_lock tried(n, std::try_to_lock);
    deferred.lock(); // finding: blocking-call-in-coroutine
  }
  m.lock(); // finding: blocking-call-in-coroutine
  std::lock_guard adopted(m, std::adopt_lock);
  co_await tick(); // finding: lock-across-await
}
task<> never_waits(std::mutex &m, std::timed_mutex &t) {
  if (m.try_lock())
    m.unlock();
  if (t.try_lock_for(0s))
    t.unlock();
  co_await tick();
}
task<> awaited(async_mutex &m) {
  co_await m.lock();
  m.unlock();
}
