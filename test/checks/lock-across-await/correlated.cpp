// RUN: %verify %s
// Conditions that decide about the lock twice: the paths that the program cannot take are not taken.
#include "../Inputs/task.h"
#include <mutex>

std::mutex g_mutex;
bool ready();

task<> same_condition(bool c) {
  std::unique_lock lock(g_mutex, std::defer_lock);
  if (c)
    lock.lock();
  use(1);
  if (c)
    lock.unlock();
  co_await tick();
}
task<> same_condition_by_hand(bool c) {
  if (c)
    g_mutex.lock();
  use(1);
  if (c)
    g_mutex.unlock();
  co_await tick();
}
task<> opposite_condition(bool c) {
  if (c)
    g_mutex.lock();
  if (!c)
    co_await tick();
  if (c)
    g_mutex.unlock();
}
task<> wrong_condition(bool c, bool d) {
  if (c)
    g_mutex.lock();
  if (d)
    g_mutex.unlock();
  co_await tick(); // finding: lock-across-await likely
}
task<> condition_changed(bool c) {
  if (c)
    g_mutex.lock();
  c = ready();
  if (c)
    g_mutex.unlock();
  co_await tick(); // finding: lock-across-await likely
}
task<> flag_follows() {
  bool locked = false;
  if (ready()) {
    g_mutex.lock();
    locked = true;
  }
  use(1);
  if (locked)
    g_mutex.unlock();
  co_await tick();
}
task<> flag_inverted() {
  bool locked = true;
  g_mutex.lock();
  if (ready()) {
    g_mutex.unlock();
    locked = false;
  }
  if (!locked)
    co_await tick();
  else
    g_mutex.unlock();
}
task<> number_decides(int mode) {
  if (mode == 2)
    g_mutex.lock();
  use(mode);
  if (mode == 2)
    g_mutex.unlock();
  co_await tick();
}
task<> number_decides_wrongly(int mode) {
  if (mode == 2)
    g_mutex.lock();
  use(mode);
  if (mode == 3)
    g_mutex.unlock();
  co_await tick(); // finding: lock-across-await likely
}
task<> pointer_decides(std::mutex *mutex) {
  if (mutex)
    mutex->lock();
  use(1);
  if (mutex)
    mutex->unlock();
  co_await tick();
}
task<> pointer_compared(std::mutex *mutex) {
  if (mutex != nullptr)
    mutex->lock();
  use(1);
  if (mutex != nullptr)
    mutex->unlock();
  co_await tick();
}
task<> unlock_if_owned(bool c) {
  std::unique_lock lock(g_mutex, std::defer_lock);
  if (c)
    lock.lock();
  if (lock.owns_lock())
    lock.unlock();
  co_await tick();
}
task<> nested(bool a, bool b) {
  if (a)
    g_mutex.lock();
  if (b)
    use(1);
  if (a) {
    use(2);
    g_mutex.unlock();
  }
  if (b)
    co_await tick();
}
task<> many_conditions(bool a, bool b, bool c, bool d, bool e, bool f) {
  std::unique_lock lock(g_mutex, std::defer_lock);
  if (a)
    use(1);
  if (b)
    use(2);
  if (c)
    lock.lock();
  if (d)
    use(4);
  if (e)
    use(5);
  if (c)
    lock.unlock();
  if (f)
    use(6);
  co_await tick();
}
task<> member_decides(struct options &o);
struct options {
  bool lock;
};
task<> member_decides(options &o) {
  if (o.lock)
    g_mutex.lock();
  int sum = 1 + 2;
  if (o.lock)
    g_mutex.unlock();
  (void)sum;
  co_await tick();
}

// What a function does only for some values of a parameter.
std::mutex g_given;
void lock_if(bool now) {
  if (now)
    g_given.lock();
}
void unlock_if(bool now) {
  if (now)
    g_given.unlock();
}
enum class access { none, read, write };
void lock_for(access a) {
  switch (a) {
  case access::none: break;
  default: g_given.lock();
  }
}
void lock_it(std::mutex *m) {
  if (m)
    m->lock();
}
void lock_at_least(int level) {
  if (level > 3)
    g_given.lock();
}
void lock_changed(bool now) {
  now = !now;
  if (now)
    g_given.lock();
}
struct given_guard {
  bool owns;
  explicit given_guard(bool now) : owns(now) {
    if (now)
      g_given.lock();
  }
  ~given_guard() {
    if (owns)
      g_given.unlock();
  }
};
task<> given_false() {
  lock_if(false);
  co_await tick();
}
task<> given_true() {
  lock_if(true);
  co_await tick(); // finding: lock-across-await certain "'g_given'"
  unlock_if(true);
}
task<> given_and_taken_back(bool now) {
  lock_if(now);
  unlock_if(now);
  co_await tick();
}
task<> given_and_asked(bool now) {
  lock_if(now);
  if (!now)
    co_await tick();
  if (now)
    g_given.unlock();
}
task<> given_and_asked_the_other_way(bool now) {
  lock_if(now);
  if (now)
    co_await tick(); // finding: lock-across-await certain "'g_given'"
  unlock_if(now);
}
task<> given_unknown(bool now) {
  lock_if(now);
  co_await tick(); // finding: lock-across-await likely "'g_given'"
  unlock_if(now);
}
task<> given_enumerators() {
  lock_for(access::none);
  co_await tick();
  lock_for(access::write);
  co_await tick(); // finding: lock-across-await certain "'g_given'"
  g_given.unlock();
}
task<> given_null() {
  lock_it(nullptr);
  co_await tick();
}
task<> given_number() {
  lock_at_least(3);
  co_await tick();
  lock_at_least(4);
  co_await tick(); // finding: lock-across-await certain "'g_given'"
  g_given.unlock();
}
task<> given_changed() {
  lock_changed(false);
  co_await tick(); // finding: lock-across-await likely "'g_given'"
  g_given.unlock();
}
task<> given_to_constructor() {
  given_guard off(false);
  co_await tick();
  given_guard on(true);
  co_await tick(); // finding: lock-across-await certain "'g_given'"
}
