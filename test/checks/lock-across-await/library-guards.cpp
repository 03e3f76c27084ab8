// RUN: %verify %s -- -std=c++20 -isystem %S/Inputs/libraries
// Guards of Abseil, Qt, Boost and folly.
#include "../Inputs/task.h"
#include "locks.h"

struct state {
  int n;
};
absl::Mutex g_absl;
QMutex g_qt;
QReadWriteLock g_qt_rw;
boost::mutex g_boost;
boost::shared_mutex g_boost_shared;
folly::Synchronized<state> g_state;
folly::SpinLock g_spin;

task<> absl_lock() {
  absl::MutexLock lock(&g_absl);
  co_await tick(); // finding: lock-across-await certain "'g_absl'"
}
task<> absl_lock_reference() {
  absl::MutexLock lock(g_absl);
  co_await tick(); // finding: lock-across-await certain "'g_absl'"
}
task<> absl_lock_fixed() {
  { absl::MutexLock lock(&g_absl); }
  co_await tick();
}
task<> absl_reader() {
  absl::ReaderMutexLock lock(&g_absl);
  co_await tick(); // finding: lock-across-await certain "'g_absl'"
}
task<> absl_writer() {
  absl::WriterMutexLock lock(&g_absl);
  co_await tick(); // finding: lock-across-await certain "'g_absl'"
}
task<> absl_releasable() {
  absl::ReleasableMutexLock lock(&g_absl);
  co_await tick(); // finding: lock-across-await certain "'g_absl'"
}
task<> absl_released() {
  absl::ReleasableMutexLock lock(&g_absl);
  lock.Release();
  co_await tick();
}
task<> absl_by_hand() {
  g_absl.Lock();
  co_await tick(); // finding: lock-across-await certain "'g_absl'"
  g_absl.Unlock();
}
task<> absl_by_hand_reader() {
  g_absl.ReaderLock();
  g_absl.ReaderUnlock();
  co_await tick();
}
task<> absl_attempt() {
  if (g_absl.TryLock())
    g_absl.Unlock();
  else
    co_await tick();
}
task<> qt_locker() {
  QMutexLocker lock(&g_qt);
  co_await tick(); // finding: lock-across-await certain "'g_qt'"
}
task<> qt_locker_unlocked() {
  QMutexLocker<QMutex> lock(&g_qt);
  lock.unlock();
  co_await tick();
}
task<> qt_locker_relocked() {
  QMutexLocker lock(&g_qt);
  lock.unlock();
  co_await tick();
  lock.relock();
  co_await tick(); // finding: lock-across-await certain "'g_qt'"
}
task<> qt_read() {
  QReadLocker lock(&g_qt_rw);
  co_await tick(); // finding: lock-across-await certain "'g_qt_rw'"
}
task<> qt_write() {
  QWriteLocker lock(&g_qt_rw);
  lock.unlock();
  co_await tick();
}
task<> qt_by_hand() {
  g_qt.lock();
  co_await tick(); // finding: lock-across-await certain "'g_qt'"
  g_qt.unlock();
}
task<> qt_attempt() {
  if (!g_qt.tryLock(10))
    co_await tick();
  else
    g_qt.unlock();
}
task<> qt_rw_by_hand() {
  g_qt_rw.lockForWrite();
  g_qt_rw.unlock();
  co_await tick();
}
task<> boost_guard() {
  boost::lock_guard<boost::mutex> lock(g_boost);
  co_await tick(); // finding: lock-across-await certain "'g_boost'"
}
task<> boost_unique() {
  boost::unique_lock<boost::mutex> lock(g_boost);
  co_await tick(); // finding: lock-across-await certain "'g_boost'"
}
task<> boost_unlocked() {
  boost::unique_lock<boost::mutex> lock(g_boost);
  lock.unlock();
  co_await tick();
}
task<> boost_deferred() {
  boost::unique_lock<boost::mutex> lock(g_boost, boost::defer_lock);
  co_await tick();
}
task<> boost_attempt() {
  boost::unique_lock<boost::mutex> lock(g_boost, boost::try_to_lock);
  if (!lock.owns_lock())
    co_await tick();
}
task<> boost_shared() {
  boost::shared_lock<boost::shared_mutex> lock(g_boost_shared);
  co_await tick(); // finding: lock-across-await certain "'g_boost_shared'"
}
task<> boost_strict() {
  boost::strict_lock<boost::mutex> lock(g_boost);
  co_await tick(); // finding: lock-across-await certain "'g_boost'"
}
task<> folly_wlock() {
  auto locked = g_state.wlock();
  co_await save(locked->n); // finding: lock-across-await certain "'g_state'"
}
task<> folly_rlock() {
  auto locked = g_state.rlock();
  co_await tick(); // finding: lock-across-await certain "'g_state'"
}
task<> folly_fixed() {
  int n = 0;
  { n = g_state.wlock()->n; }
  co_await save(n);
}
task<> folly_temporary() {
  co_await save(g_state.rlock()->n); // finding: lock-across-await "'g_state'"
}
task<> folly_copy() {
  co_await save(g_state.copy().n);
}
task<> folly_unlocked() {
  auto locked = g_state.wlock();
  locked.unlock();
  co_await tick();
}
task<> folly_moved() {
  auto locked = g_state.wlock();
  { auto mine = std::move(locked); }
  co_await tick();
}
task<> folly_attempt() {
  if (auto locked = g_state.tryWLock())
    co_await save(locked->n); // finding: lock-across-await certain "'g_state'"
  else
    co_await tick();
}
task<> folly_attempt_failed() {
  auto locked = g_state.tryWLock();
  if (!locked)
    co_await tick();
}
task<> folly_with() {
  int n = g_state.withWLock([](state &s) { return s.n; });
  co_await save(n);
}
task<> folly_spin() {
  g_spin.lock();
  co_await tick(); // finding: lock-across-await certain "'g_spin'"
  g_spin.unlock();
}

vendor::Mutex g_vendor;
task<> unknown_library() {
  vendor::ScopedLock lock(g_vendor);
  co_await tick(); // finding: lock-across-await likely "makes the guard 'lock' of 'g_vendor'"
}
task<> unknown_library_ended() {
  { vendor::ScopedLock lock(g_vendor); }
  co_await tick();
}
task<> unknown_library_unlocked() {
  vendor::ScopedLock lock(g_vendor);
  lock.unlock();
  co_await tick();
}
task<> unknown_library_by_hand() {
  g_vendor.lock();
  co_await tick(); // finding: lock-across-await certain "'g_vendor'"
  g_vendor.unlock();
}
task<> unknown_library_no_guard() {
  vendor::MutexBlock block(g_vendor);
  vendor::Condition condition(g_vendor);
  co_await tick();
}
