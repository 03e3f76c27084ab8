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

std::mutex g_member;
// A member guard that a method moves out, swaps away or assigns over: the object has it no more.
class holder {
public:
  holder() : lock_(g_member) {}
  std::unique_lock<std::mutex> take() { return std::move(lock_); }
  std::unique_lock<std::mutex> take_by_construction() { return std::unique_lock<std::mutex>(std::move(lock_)); }
  void end_in_local() { std::unique_lock<std::mutex> last(std::move(lock_)); }
  void end_by_assignment() { lock_ = std::unique_lock<std::mutex>(); }
  void end_by_swap() { std::unique_lock<std::mutex>().swap(lock_); }
  void end_by_helper() { unlock_it(lock_); }
  void end_by_two_helpers() { unlock_through(*this); }
  void keep() { std::unique_lock<std::mutex> other(std::move(lock_)); lock_ = std::move(other); }

private:
  static void unlock_it(std::unique_lock<std::mutex> &lock) { lock.unlock(); }
  static void unlock_through(holder &h) { unlock_it(h.lock_); }
  std::unique_lock<std::mutex> lock_;
};
task<> member_kept() {
  holder h;
  co_await tick(); // finding: lock-across-await certain "'g_member'"
}
task<> member_taken_and_kept() {
  holder h;
  auto lock = h.take();
  co_await tick(); // finding: lock-across-await certain "'g_member'"
}
task<> member_taken_and_unlocked() {
  holder h;
  auto lock = h.take();
  lock.unlock();
  co_await tick();
}
task<> member_taken_by_construction() {
  holder h;
  { auto lock = h.take_by_construction(); }
  co_await tick();
}
task<> member_taken_and_dropped() {
  holder h;
  h.take();
  co_await tick();
}
task<> member_ends_in_local() {
  holder h;
  h.end_in_local();
  co_await tick();
}
task<> member_ends_by_assignment() {
  holder h;
  h.end_by_assignment();
  co_await tick();
}
task<> member_ends_by_swap() {
  holder h;
  h.end_by_swap();
  co_await tick();
}
task<> member_ends_by_helper() {
  holder h;
  h.end_by_helper();
  co_await tick();
}
task<> member_ends_by_two_helpers() {
  holder h;
  h.end_by_two_helpers();
  co_await tick();
}
task<> member_comes_back() {
  holder h;
  h.keep();
  co_await tick(); // finding: lock-across-await certain "'g_member'"
}

// Code that nobody sees may unlock a guard that it is given; not one that cannot be unlocked, nor what it copies out.
void unseen(std::unique_lock<std::mutex> &lock);
void unseen(std::lock_guard<std::mutex> &lock);
void unseen(int value);
task<> given_to_unseen_code() {
  std::unique_lock lock(g_member);
  unseen(lock);
  co_await tick(); // finding: lock-across-await likely "'g_member'"
}
task<> scoped_given_to_unseen_code() {
  std::lock_guard lock(g_member);
  unseen(lock);
  co_await tick(); // finding: lock-across-await certain "'g_member'"
}
task<> value_given_to_unseen_code() {
  std::unique_lock lock(g_member);
  unseen(lock.owns_lock() ? 1 : 0);
  co_await tick(); // finding: lock-across-await certain "'g_member'"
}
