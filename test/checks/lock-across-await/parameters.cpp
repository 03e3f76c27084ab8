// RUN: %verify %s
// Guards and locks that a coroutine or a helper is given; locks that a helper takes.
#include "../Inputs/task.h"
#include <memory>
#include <mutex>
#include <utility>

using Lock = std::unique_lock<std::mutex>;
std::mutex g_mutex;

task<> by_value(Lock lock) {
  co_await tick(); // finding: lock-across-await likely "receives the guard"
}
task<> by_value_unlocked(Lock lock) {
  lock.unlock();
  co_await tick();
}
task<> by_reference(Lock &lock) {
  co_await tick(); // finding: lock-across-await likely "receives the guard"
}
task<> by_reference_unlocked(Lock &lock) {
  lock.unlock();
  co_await tick();
  lock.lock();
}
task<> by_rvalue(Lock &&lock) {
  co_await tick(); // finding: lock-across-await likely
}
task<> by_rvalue_ended(Lock &&lock) {
  { Lock mine = std::move(lock); }
  co_await tick();
}
task<> guard_by_reference(const std::lock_guard<std::mutex> &) {
  co_await tick(); // finding: lock-across-await likely
}
task<> mutex_by_reference(std::mutex &m) {
  std::lock_guard lock(m);
  co_await tick(); // finding: lock-across-await certain "'m'"
}
task<> mutex_by_pointer(std::mutex *m) {
  std::lock_guard lock(*m);
  co_await tick(); // finding: lock-across-await certain "'m'"
}
task<> mutex_by_shared_pointer(std::shared_ptr<std::mutex> m) {
  std::lock_guard lock(*m);
  co_await tick(); // finding: lock-across-await certain "'m'"
}
task<> checked_first(Lock lock) {
  if (!lock.owns_lock())
    co_await tick();
}

// Helpers that leave a lock behind, or take one away.
void take() { g_mutex.lock(); }
void give() { g_mutex.unlock(); }
void take(std::mutex &m) { m.lock(); }
void give(std::mutex *m) { m->unlock(); }
void take_through() { take(); }
void lock_guard_of(Lock &lock) { lock.lock(); }
void unlock_guard_of(Lock &lock) { lock.unlock(); }
void swap_for(Lock &lock, std::mutex &m) { lock = Lock(m); }
void only_inside() {
  std::lock_guard lock(g_mutex);
  use(1);
}
bool try_take() { return g_mutex.try_lock(); }
bool take_if(bool wanted) {
  if (!wanted)
    return false;
  g_mutex.lock();
  return true;
}

task<> taken_by_helper() {
  take();
  co_await tick(); // finding: lock-across-await certain "'g_mutex'" "in 'take'"
  give();
}
task<> taken_and_given() {
  take();
  give();
  co_await tick();
}
task<> taken_by_chain() {
  take_through();
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
  give();
}
task<> taken_of_argument(std::mutex &mine) {
  take(mine);
  co_await tick(); // finding: lock-across-await certain "'mine'"
  give(&mine);
}
task<> taken_and_given_of_argument(std::mutex &mine) {
  take(mine);
  give(&mine);
  co_await tick();
}
task<> guard_locked_by_helper() {
  Lock lock(g_mutex, std::defer_lock);
  lock_guard_of(lock);
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> guard_unlocked_by_helper() {
  Lock lock(g_mutex);
  unlock_guard_of(lock);
  co_await tick();
}
task<> guard_replaced_by_helper() {
  Lock lock;
  swap_for(lock, g_mutex);
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> helper_locks_inside() {
  only_inside();
  co_await tick();
}
task<> helper_tries() {
  if (try_take()) {
    co_await tick(); // finding: lock-across-await "'g_mutex'"
    give();
  } else {
    co_await tick();
  }
}
task<> helper_tries_and_fails() {
  if (!try_take())
    co_await tick();
  else
    give();
}
task<> helper_reports(bool wanted) {
  bool taken = take_if(wanted);
  if (taken)
    give();
  co_await tick();
}

// A class whose methods do it.
class journal {
public:
  void begin() { mutex_.lock(); }
  void end() { mutex_.unlock(); }
  task<> write() {
    begin();
    co_await tick(); // finding: lock-across-await certain "'mutex_'"
    end();
  }
  task<> write_fixed() {
    begin();
    use(1);
    end();
    co_await tick();
  }

private:
  std::mutex mutex_;
};
task<> through_object(journal &j) {
  j.begin();
  co_await tick(); // finding: lock-across-await certain "'j.mutex_'"
  j.end();
}
task<> through_two_objects(journal &j, journal &k) {
  j.begin();
  k.end();
  co_await tick(); // finding: lock-across-await certain "'j.mutex_'"
}

// A recursive helper that takes nothing and gives nothing.
int recursive(int n) {
  std::lock_guard lock(g_mutex);
  return n ? recursive(n - 1) : 0;
}
task<> calls_recursive() {
  use(recursive(3));
  co_await tick();
}
void acquire(Lock *out) { *out = Lock(g_mutex); }
task<> acquired_by_pointer() {
  Lock lock;
  acquire(&lock);
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
// A guard that is a member of the coroutine's own object.
struct holder {
  std::mutex mutex_;
  Lock lock_;
  void begin() { lock_ = Lock(mutex_); }
  task<> locks_itself() {
    lock_ = Lock(mutex_);
    co_await tick(); // finding: lock-across-await "'mutex_'"
  }
  task<> locks_by_method() {
    begin();
    co_await tick(); // finding: lock-across-await "'mutex_'"
  }
  task<> unlocks_itself() {
    begin();
    lock_.unlock();
    co_await tick();
  }
  task<> FN_locked_before() { co_await tick(); } // by begin(), called by someone else
};
