// Locks and guards under the names of libraries that the models know. Own code: declarations only, as the tool sees a
// library whose bodies it does not read.
#pragma once
#include <chrono>

namespace absl {
class Mutex {
public:
  void Lock();
  void Unlock();
  bool TryLock();
  void ReaderLock();
  void ReaderUnlock();
};
class MutexLock {
public:
  explicit MutexLock(Mutex *m);
  explicit MutexLock(Mutex &m);
  MutexLock(const MutexLock &) = delete;
  ~MutexLock();
};
class ReaderMutexLock {
public:
  explicit ReaderMutexLock(Mutex *m);
  ~ReaderMutexLock();
};
class WriterMutexLock {
public:
  explicit WriterMutexLock(Mutex *m);
  ~WriterMutexLock();
};
class ReleasableMutexLock {
public:
  explicit ReleasableMutexLock(Mutex *m);
  ~ReleasableMutexLock();
  void Release();
};
} // namespace absl

class QMutex {
public:
  void lock();
  void unlock();
  bool tryLock(int timeout = 0);
};
class QReadWriteLock {
public:
  void lockForRead();
  void lockForWrite();
  void unlock();
};
template <class M = QMutex> class QMutexLocker {
public:
  explicit QMutexLocker(M *m);
  QMutexLocker(QMutexLocker &&) noexcept;
  ~QMutexLocker();
  void unlock();
  void relock();
  bool isLocked() const;
};
class QReadLocker {
public:
  explicit QReadLocker(QReadWriteLock *l);
  ~QReadLocker();
  void unlock();
  void relock();
};
class QWriteLocker {
public:
  explicit QWriteLocker(QReadWriteLock *l);
  ~QWriteLocker();
  void unlock();
};

namespace boost {
class mutex {
public:
  class scoped_lock_tag;
  void lock();
  void unlock();
  bool try_lock();
};
class shared_mutex {
public:
  void lock();
  void unlock();
  void lock_shared();
  void unlock_shared();
};
struct defer_lock_t {};
struct try_to_lock_t {};
inline constexpr defer_lock_t defer_lock{};
inline constexpr try_to_lock_t try_to_lock{};
template <class M> class lock_guard {
public:
  explicit lock_guard(M &m);
  ~lock_guard();
};
template <class M> class unique_lock {
public:
  unique_lock() noexcept;
  explicit unique_lock(M &m);
  unique_lock(M &m, defer_lock_t) noexcept;
  unique_lock(M &m, try_to_lock_t);
  unique_lock(unique_lock &&) noexcept;
  unique_lock &operator=(unique_lock &&) noexcept;
  ~unique_lock();
  void lock();
  void unlock();
  bool owns_lock() const noexcept;
  explicit operator bool() const noexcept;
};
template <class M> class shared_lock {
public:
  explicit shared_lock(M &m);
  ~shared_lock();
  void unlock();
};
template <class M> class strict_lock {
public:
  explicit strict_lock(M &m);
  ~strict_lock();
};
} // namespace boost

namespace folly {
class SharedMutex {
public:
  void lock();
  void unlock();
  void lock_shared();
  void unlock_shared();
};
class SpinLock {
public:
  void lock() const;
  void unlock() const;
  bool try_lock() const;
};
template <class S> class LockedPtr {
public:
  LockedPtr(LockedPtr &&) noexcept;
  ~LockedPtr();
  auto *operator->() const { return &static_cast<S *>(nullptr)->value_; }
  explicit operator bool() const;
  void unlock();
};
template <class T, class M = SharedMutex> class Synchronized {
public:
  LockedPtr<Synchronized> wlock();
  LockedPtr<Synchronized> rlock();
  LockedPtr<Synchronized> lock();
  LockedPtr<Synchronized> tryWLock();
  LockedPtr<Synchronized> operator->();
  template <class F> auto withWLock(F f) { return f(value_); }
  T copy() const;
  T value_;
};
} // namespace folly

// A library that no model knows.
namespace vendor {
class Mutex {
public:
  void lock();
  void unlock();

private:
  int state_;
};
class ScopedLock {
public:
  explicit ScopedLock(Mutex &m);
  ~ScopedLock();
  void unlock();
};
class MutexBlock { // not a guard
public:
  explicit MutexBlock(Mutex &m);
  ~MutexBlock();
};
class Condition {
public:
  explicit Condition(Mutex &m);
  ~Condition();
};
} // namespace vendor
