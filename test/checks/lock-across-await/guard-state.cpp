// RUN: %verify %s
// A guard counts by what it holds at the suspension, never by its scope.
#include "../Inputs/task.h"
#include <mutex>
#include <shared_mutex>
#include <utility>

std::mutex g_mutex, g_other;
std::shared_mutex g_shared;
bool ready();

task<> unlocked() {
  std::unique_lock lock(g_mutex);
  lock.unlock();
  co_await tick();
}
task<> unlocked_and_locked_again() {
  std::unique_lock lock(g_mutex);
  lock.unlock();
  lock.lock();
  co_await tick(); // finding: lock-across-await certain
}
task<> unlocked_on_one_branch() {
  std::unique_lock lock(g_mutex);
  if (ready())
    lock.unlock();
  co_await tick(); // finding: lock-across-await likely
}
task<> unlocked_on_both_branches() {
  std::unique_lock lock(g_mutex);
  if (ready())
    lock.unlock();
  else
    lock.unlock();
  co_await tick();
}
task<> released() { // release() gives up the guard, not the lock
  std::unique_lock lock(g_mutex);
  lock.release();
  co_await tick(); // finding: lock-across-await "'g_mutex'"
  g_mutex.unlock();
}
task<> released_and_unlocked() {
  std::unique_lock lock(g_mutex);
  lock.release()->unlock();
  co_await tick();
}
task<> released_and_unlocked_by_pointer() {
  std::unique_lock lock(g_mutex);
  std::mutex *mutex = lock.release();
  mutex->unlock();
  co_await tick();
}
task<> released_and_unlocked_by_name() {
  std::unique_lock lock(g_mutex);
  lock.release();
  g_mutex.unlock();
  co_await tick();
}
void keep(std::mutex *);
task<> released_to_another() {
  std::unique_lock lock(g_mutex);
  keep(lock.release());
  co_await tick();
}
task<> moved() {
  std::unique_lock lock(g_mutex);
  {
    auto inner = std::move(lock);
    use(1);
  }
  co_await tick();
}
task<> moved_into_outer() {
  std::unique_lock<std::mutex> outer;
  {
    std::unique_lock lock(g_mutex);
    outer = std::move(lock);
  }
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
void finish(std::unique_lock<std::mutex> lock);
void finish_reference(std::unique_lock<std::mutex> &&lock);
task<> moved_into_call() {
  std::unique_lock lock(g_mutex);
  finish(std::move(lock));
  co_await tick();
}
task<> moved_into_call_by_reference() {
  std::unique_lock lock(g_mutex);
  finish_reference(std::move(lock));
  co_await tick();
}
task<> overwritten_by_empty() {
  std::unique_lock lock(g_mutex);
  lock = {};
  co_await tick();
}
task<> overwritten_by_empty_type() {
  std::unique_lock lock(g_mutex);
  lock = std::unique_lock<std::mutex>();
  co_await tick();
}
task<> overwritten_by_other() {
  std::unique_lock lock(g_mutex);
  lock = std::unique_lock(g_other);
  co_await tick(); // finding: lock-across-await certain "keeps 'g_other' locked"
}
task<> swapped_away() {
  std::unique_lock lock(g_mutex);
  {
    std::unique_lock<std::mutex> empty;
    lock.swap(empty);
  }
  co_await tick();
}
task<> swapped_in() {
  std::unique_lock<std::mutex> lock;
  {
    std::unique_lock<std::mutex> other(g_mutex);
    std::swap(lock, other);
  }
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> exchanged_away() {
  std::unique_lock lock(g_mutex);
  { auto gone = std::exchange(lock, {}); }
  co_await tick();
}
task<> exchanged_and_dropped() {
  std::unique_lock lock(g_mutex);
  std::exchange(lock, std::unique_lock<std::mutex>());
  co_await tick();
}
task<> exchanged_and_kept() {
  std::unique_lock lock(g_mutex);
  auto kept = std::exchange(lock, {});
  co_await tick(); // finding: lock-across-await certain "keeps 'g_mutex' locked"
}
task<> exchanged_for_another() {
  std::unique_lock lock(g_mutex);
  { auto gone = std::exchange(lock, std::unique_lock(g_other)); }
  co_await tick(); // finding: lock-across-await certain "keeps 'g_other' locked"
}
task<> exchanged_in_two_steps() {
  std::unique_lock lock(g_mutex);
  std::unique_lock<std::mutex> other;
  other = std::exchange(lock, {});
  lock = {};
  co_await tick(); // finding: lock-across-await certain "keeps 'g_mutex' locked"
}
struct session {
  std::unique_lock<std::mutex> lock;
  void end() { auto gone = std::exchange(lock, {}); }
};
task<> exchanged_in_a_method() {
  session s{std::unique_lock(g_mutex)};
  s.end();
  co_await tick();
}
task<> deferred() {
  std::unique_lock lock(g_mutex, std::defer_lock);
  co_await tick();
}
task<> deferred_then_locked() {
  std::unique_lock lock(g_mutex, std::defer_lock);
  lock.lock();
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> deferred_locked_later() {
  std::unique_lock lock(g_mutex, std::defer_lock);
  co_await tick();
  lock.lock();
}
task<> deferred_locked_by_std_lock() {
  std::unique_lock one(g_mutex, std::defer_lock);
  std::unique_lock two(g_other, std::defer_lock);
  std::lock(one, two);
  two.unlock();
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> deferred_shared() {
  std::shared_lock lock(g_shared, std::defer_lock);
  co_await tick();
}
task<> never_locked() {
  std::unique_lock<std::mutex> lock;
  co_await tick();
}
task<> assigned_later() {
  std::unique_lock<std::mutex> lock;
  co_await tick();
  lock = std::unique_lock<std::mutex>(g_mutex);
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> adopted() {
  g_mutex.lock();
  std::lock_guard lock(g_mutex, std::adopt_lock);
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> adopted_fixed() {
  g_mutex.lock();
  {
    std::lock_guard lock(g_mutex, std::adopt_lock);
  }
  co_await tick();
}
task<> locked_together() {
  std::lock(g_mutex, g_other);
  std::lock_guard one(g_mutex, std::adopt_lock);
  std::lock_guard two(g_other, std::adopt_lock);
  co_await tick(); // finding: lock-across-await certain "'g_mutex' and 'g_other'"
}
task<> locked_together_fixed() {
  {
    std::lock(g_mutex, g_other);
    std::lock_guard one(g_mutex, std::adopt_lock);
    std::lock_guard two(g_other, std::adopt_lock);
  }
  co_await tick();
}
