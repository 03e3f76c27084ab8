// RUN: %verify %s
// What an awaiter does to locks while it makes its coroutine wait, and when it resumes it: await_ready, await_suspend and
// await_resume run in the coroutine's place.
#include "../Inputs/task.h"
#include <mutex>
#include <utility>

using Lock = std::unique_lock<std::mutex>;
std::mutex g_mutex, g_other;
bool ready();
void enqueue(void *); // in no file of the program
void park(std::coroutine_handle<>, Lock &);

// Takes a guard over, and unlocks it before the coroutine is suspended.
struct unlocks_own {
  Lock guard;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) { guard.unlock(); }
  Lock await_resume() { return std::move(guard); }
};
struct keeps_own {
  Lock guard;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) {}
  void await_resume() {}
};
struct takes_in_constructor {
  explicit takes_in_constructor(Lock lock) : guard_(std::move(lock)) {}
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<>) {
    guard_.unlock();
    return true;
  }
  void await_resume() {}

private:
  Lock guard_;
};
struct keeps_from_constructor {
  explicit keeps_from_constructor(Lock lock) : guard_(std::move(lock)) {}
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<>) { return true; }
  void await_resume() {}

private:
  Lock guard_;
};
struct unlocks_by_helper {
  Lock guard;
  void open() { guard.unlock(); }
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) { open(); }
  void await_resume() {}
};
struct unlocks_at_times {
  Lock guard;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) {
    if (ready())
      guard.unlock();
  }
  void await_resume() {}
};
struct gives_away {
  Lock guard;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) { park(h, guard); }
  void await_resume() {}
};
task<> taken_over() {
  Lock lock(g_mutex);
  co_await unlocks_own{std::move(lock)};
}
task<> taken_over_and_kept() {
  Lock lock(g_mutex);
  co_await keeps_own{std::move(lock)}; // finding: lock-across-await certain "'g_mutex'"
}
task<> taken_over_by_constructor() {
  Lock lock(g_mutex);
  co_await takes_in_constructor(std::move(lock));
}
task<> kept_by_constructor() {
  Lock lock(g_mutex);
  co_await keeps_from_constructor(std::move(lock)); // finding: lock-across-await certain "'g_mutex'"
}
task<> taken_over_by_helper() {
  Lock lock(g_mutex);
  co_await unlocks_by_helper{std::move(lock)};
}
task<> taken_over_at_times() {
  Lock lock(g_mutex);
  co_await unlocks_at_times{std::move(lock)}; // finding: lock-across-await likely "'g_mutex'"
}
task<> given_away() {
  Lock lock(g_mutex);
  gives_away awaiter{std::move(lock)};
  co_await awaiter; // finding: lock-across-await
}
task<> another_is_kept() {
  Lock lock(g_mutex);
  std::lock_guard other(g_other);
  co_await unlocks_own{std::move(lock)}; // finding: lock-across-await certain "keeps 'g_other' locked"
}
task<> given_back() {
  Lock lock(g_mutex);
  Lock again = co_await unlocks_own{std::move(lock)};
  co_await tick();
}
task<> named_awaiter() {
  Lock lock(g_mutex);
  unlocks_own awaiter{std::move(lock)};
  co_await awaiter;
}
task<> named_awaiter_kept() {
  Lock lock(g_mutex);
  keeps_own awaiter{std::move(lock)};
  co_await awaiter; // finding: lock-across-await certain "'g_mutex'"
}

// Refers to a guard or a lock.
struct unlocks_referred {
  Lock &lock;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) { lock.unlock(); }
  void await_resume() { lock.lock(); }
};
struct watches {
  Lock &lock;
  bool await_ready() const noexcept { return !lock.owns_lock(); }
  void await_suspend(std::coroutine_handle<>) {}
  void await_resume() {}
};
struct unlocks_mutex {
  std::mutex *mutex;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) { mutex->unlock(); }
  void await_resume() { mutex->lock(); }
};
struct hands_itself_out {
  Lock &lock;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) { enqueue(this); }
  void await_resume() {}
};
task<> referred() {
  Lock lock(g_mutex);
  co_await unlocks_referred{lock};
}
task<> referred_and_locked_again() {
  Lock lock(g_mutex);
  co_await unlocks_referred{lock};
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> referred_only_to_look() {
  Lock lock(g_mutex);
  co_await watches{lock}; // finding: lock-across-await "'g_mutex'"
}
task<> referred_mutex() {
  g_mutex.lock();
  co_await unlocks_mutex{&g_mutex};
  g_mutex.unlock();
}
task<> referred_mutex_held_after() {
  g_mutex.lock();
  co_await unlocks_mutex{&g_mutex};
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
  g_mutex.unlock();
}
task<> referred_other_mutex() {
  std::lock_guard other(g_other);
  g_mutex.lock();
  co_await unlocks_mutex{&g_mutex}; // finding: lock-across-await certain "keeps 'g_other' locked"
  g_mutex.unlock();
}
task<> handed_to_who_knows() {
  Lock lock(g_mutex);
  co_await hands_itself_out{lock};
}

// Made by functions, by operator co_await, by a promise.
unlocks_referred unlocked(Lock &lock) { return {lock}; }
watches watched(Lock &lock) { return {lock}; }
unlocks_own moved(Lock lock) { return {std::move(lock)}; }
struct convertible {
  Lock &lock;
  unlocks_referred operator co_await() { return {lock}; }
};
struct convertible_kept {
  Lock &lock;
  watches operator co_await() { return {lock}; }
};
struct foreign {
  Lock &lock;
};
inline unlocks_referred operator co_await(foreign f) { return {f.lock}; }
task<> made_by_function() {
  Lock lock(g_mutex);
  co_await unlocked(lock);
}
task<> made_by_function_and_kept() {
  Lock lock(g_mutex);
  co_await watched(lock); // finding: lock-across-await "'g_mutex'"
}
task<> made_by_function_of_a_moved_guard() {
  Lock lock(g_mutex);
  co_await moved(std::move(lock));
}
task<> made_by_operator() {
  Lock lock(g_mutex);
  co_await convertible{lock};
}
task<> made_by_operator_and_kept() {
  Lock lock(g_mutex);
  co_await convertible_kept{lock}; // finding: lock-across-await "'g_mutex'"
}
task<> made_by_free_operator() {
  Lock lock(g_mutex);
  co_await foreign{lock};
}

// Locks when it resumes, or before it suspends.
struct locks_on_resume {
  std::mutex &mutex;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) const {}
  void await_resume() { mutex.lock(); }
};
struct guards_on_resume {
  std::mutex &mutex;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) const {}
  Lock await_resume() { return Lock(mutex); }
};
struct locks_and_waits {
  bool await_ready() const {
    g_mutex.lock();
    return false;
  }
  void await_suspend(std::coroutine_handle<>) const {}
  void await_resume() const { g_mutex.unlock(); }
};
struct takes_or_waits { // as an async mutex does: locked if it was free
  std::mutex &mutex;
  bool await_ready() const { return mutex.try_lock(); }
  void await_suspend(std::coroutine_handle<>) const {}
  void await_resume() const {}
};
task<> locked_on_resume() {
  co_await locks_on_resume{g_mutex};
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
  g_mutex.unlock();
}
task<> locked_on_resume_fixed() {
  co_await locks_on_resume{g_mutex};
  g_mutex.unlock();
  co_await tick();
}
task<> guarded_on_resume() {
  auto lock = co_await guards_on_resume{g_mutex};
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> guarded_on_resume_fixed() {
  { auto lock = co_await guards_on_resume{g_mutex}; }
  co_await tick();
}
task<> locked_before_it_waits() {
  co_await locks_and_waits{}; // finding: lock-across-await certain "'g_mutex'"
  co_await tick();
}
task<> free_while_it_waits() { co_await takes_or_waits{g_mutex}; }

// Does not suspend when it has failed to.
struct waits_unless_free {
  Lock &lock;
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<>) {
    if (ready())
      return false; // goes on, locked
    lock.unlock();
    return true;
  }
  void await_resume() {}
};
task<> suspended_without_only() {
  Lock lock(g_mutex);
  co_await waits_unless_free{lock};
}
task<> suspended_without_only_then_with() {
  Lock lock(g_mutex);
  co_await waits_unless_free{lock};
  co_await tick(); // finding: lock-across-await likely "'g_mutex'"
}

// A guard that a function moves into the promise, or another object, is gone from the coroutine.
task<> child(Lock lock) {
  lock.unlock();
  co_await tick();
}
task<> given_to_a_task_that_is_kept() {
  Lock lock(g_mutex);
  auto pending = child(std::move(lock));
  co_await pending;
}
