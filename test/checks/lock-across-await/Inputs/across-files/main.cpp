// Coroutines that hold the locks of locks.cpp.
#include "locks.h"

static std::mutex g_static;
static void take_static() { use(1); } // takes nothing, unlike its namesake in locks.cpp

task<> by_member(table &t) {
  auto lock = t.lock();
  co_await tick(); // finding: lock-across-await certain "'t.mutex_'"
}
task<> by_member_fixed(table &t) {
  { auto lock = t.lock(); }
  co_await tick();
}
task<> by_chain(table &t) {
  auto lock = t.lock_through();
  co_await tick(); // finding: lock-across-await certain "'t.mutex_'"
}
task<> by_chain_unlocked(table &t) {
  auto lock = t.lock_through();
  lock.unlock();
  co_await tick();
}
task<> deferred(table &t) {
  auto lock = t.lock_later();
  co_await tick();
}
task<> deferred_then_locked(table &t) {
  auto lock = t.lock_later();
  lock.lock();
  co_await tick(); // finding: lock-across-await "'t.mutex_'"
}
task<> begin_end(table &t) {
  t.begin();
  co_await tick(); // finding: lock-across-await certain "'t.mutex_'"
  t.end();
}
task<> begin_end_fixed(table &t) {
  t.begin();
  t.end();
  co_await tick();
}
task<> attempt(table &t) {
  if (t.try_begin()) {
    co_await tick(); // finding: lock-across-await certain "'t.mutex_'"
    t.end();
  } else {
    co_await tick();
  }
}
task<> guard() {
  remote_guard lock(g_static);
  co_await tick(); // finding: lock-across-await certain "'g_static'"
}
task<> guard_unlocked() {
  remote_guard lock(g_static);
  lock.unlock();
  co_await tick();
}
task<> guard_ended() {
  { remote_guard lock(g_static); }
  co_await tick();
}
task<> own_lock(remote_lock &m) {
  std::lock_guard lock(m);
  co_await tick(); // finding: lock-across-await certain "'m'"
}
task<> null_lock(remote_nothing &m) {
  std::lock_guard lock(m);
  co_await tick();
}
task<> global() {
  take_shared();
  co_await tick(); // finding: lock-across-await certain "'g_shared_by_files'"
  give_shared();
}
task<> global_fixed() {
  take_shared();
  give_shared();
  co_await tick();
}
task<> namesake() {
  take_static();
  co_await tick();
}
