// RUN: %verify %s
// Guards that a program writes itself: known by what their constructors and destructors do.
#include "../Inputs/task.h"
#include <mutex>
#include <pthread.h>
#include <utility>

std::mutex g_mutex;
pthread_mutex_t g_pthread = PTHREAD_MUTEX_INITIALIZER;
bool ready();

class reference_guard {
public:
  explicit reference_guard(std::mutex &m) : mutex_(m) { mutex_.lock(); }
  ~reference_guard() { mutex_.unlock(); }
  reference_guard(const reference_guard &) = delete;

private:
  std::mutex &mutex_;
};
class pointer_guard {
public:
  explicit pointer_guard(std::mutex *m) : mutex_(m) { mutex_->lock(); }
  ~pointer_guard() {
    if (mutex_)
      mutex_->unlock();
  }
  pointer_guard(pointer_guard &&other) noexcept : mutex_(std::exchange(other.mutex_, nullptr)) {}
  void unlock() {
    mutex_->unlock();
    mutex_ = nullptr;
  }

private:
  std::mutex *mutex_;
};
template <class M> class template_guard {
public:
  explicit template_guard(M &m) : mutex_(m) { m.lock(); }
  ~template_guard() { mutex_.unlock(); }

private:
  M &mutex_;
};
class switched_guard {
public:
  explicit switched_guard(std::mutex &m) : mutex_(m) { lock(); }
  ~switched_guard() {
    if (held_)
      mutex_.unlock();
  }
  void lock() {
    mutex_.lock();
    held_ = true;
  }
  void unlock() {
    held_ = false;
    mutex_.unlock();
  }

private:
  std::mutex &mutex_;
  bool held_ = false;
};
class pthread_guard {
public:
  explicit pthread_guard(pthread_mutex_t &m) : mutex_(m) { pthread_mutex_lock(&mutex_); }
  ~pthread_guard() { pthread_mutex_unlock(&mutex_); }

private:
  pthread_mutex_t &mutex_;
};
// Own mutex and own guard, as older code bases have them.
class MutexLock {
public:
  void lock() {
    pthread_mutex_lock(&mutex_);
    holder_ = 1;
  }
  void unlock() {
    holder_ = 0;
    pthread_mutex_unlock(&mutex_);
  }

private:
  pthread_mutex_t mutex_;
  int holder_;
};
class MutexLockGuard {
public:
  explicit MutexLockGuard(MutexLock &m) : mutex_(m) { mutex_.lock(); }
  ~MutexLockGuard() { mutex_.unlock(); }

private:
  MutexLock &mutex_;
};
struct mutex_t {
  void acquire() { pthread_mutex_lock(&m); }
  void free() { pthread_mutex_unlock(&m); }
  pthread_mutex_t m;
};
struct scoped_lock_t {
  scoped_lock_t(mutex_t &m) : mutex(m) { mutex.acquire(); }
  ~scoped_lock_t() { mutex.free(); }
  mutex_t &mutex;
};
MutexLock g_lock;
mutex_t g_acquired;

task<> by_reference() {
  reference_guard lock(g_mutex);
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> by_reference_fixed() {
  { reference_guard lock(g_mutex); }
  co_await tick();
}
task<> by_pointer() {
  pointer_guard lock(&g_mutex);
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> by_pointer_unlocked() {
  pointer_guard lock(&g_mutex);
  lock.unlock();
  co_await tick();
}
task<> by_pointer_ended() {
  { pointer_guard lock(&g_mutex); }
  co_await tick();
}
task<> by_pointer_moved() {
  pointer_guard lock(&g_mutex);
  { pointer_guard mine(std::move(lock)); }
  co_await tick();
}
task<> of_template() {
  template_guard<std::mutex> lock(g_mutex);
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> of_template_deduced() {
  template_guard lock(g_lock);
  co_await tick(); // finding: lock-across-await certain "'g_lock"
}
task<> of_template_fixed() {
  { template_guard lock(g_lock); }
  co_await tick();
}
task<> switched() {
  switched_guard lock(g_mutex);
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> switched_unlocked() {
  switched_guard lock(g_mutex);
  lock.unlock();
  co_await tick();
}
task<> switched_relocked() {
  switched_guard lock(g_mutex);
  lock.unlock();
  co_await tick();
  lock.lock();
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> switched_ended() {
  { switched_guard lock(g_mutex); }
  co_await tick();
}
task<> of_pthread() {
  pthread_guard lock(g_pthread);
  co_await tick(); // finding: lock-across-await certain "'g_pthread'"
}
task<> of_pthread_fixed() {
  { pthread_guard lock(g_pthread); }
  co_await tick();
}
task<> of_project() {
  MutexLockGuard lock(g_lock);
  co_await tick(); // finding: lock-across-await certain "'g_lock"
}
task<> of_project_fixed() {
  { MutexLockGuard lock(g_lock); }
  co_await tick();
}
task<> of_project_std_guard() {
  std::lock_guard<MutexLock> lock(g_lock);
  co_await tick(); // finding: lock-across-await certain "'g_lock"
}
task<> of_other_names() {
  scoped_lock_t lock(g_acquired);
  co_await tick(); // finding: lock-across-await certain "'g_acquired"
}
task<> of_other_names_fixed() {
  { scoped_lock_t lock(g_acquired); }
  co_await tick();
}
task<> in_if_init() {
  if (reference_guard lock(g_mutex); ready())
    co_await tick(); // finding: lock-across-await certain "'g_mutex'"
  co_await tick();
}

// What is like a guard and holds nothing, or the other way round.
class counter_guard {
public:
  explicit counter_guard(int &n) : n_(n) { ++n_; }
  ~counter_guard() { --n_; }

private:
  int &n_;
};
class unlock_guard { // unlocks, and locks again at its end
public:
  explicit unlock_guard(std::unique_lock<std::mutex> &l) : lock_(l) { lock_.unlock(); }
  ~unlock_guard() { lock_.lock(); }

private:
  std::unique_lock<std::mutex> &lock_;
};
class momentary { // locks only while it is constructed
public:
  explicit momentary(std::mutex &m) {
    std::lock_guard lock(m);
    use(1);
  }
  ~momentary() {}
};
task<> counts() {
  static int n = 0;
  counter_guard counted(n);
  co_await tick();
}
task<> reversed() {
  std::unique_lock lock(g_mutex);
  {
    unlock_guard open(lock);
    co_await tick();
  }
  use(1);
}
task<> reversed_ended() {
  std::unique_lock lock(g_mutex);
  { unlock_guard open(lock); }
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> only_in_constructor() {
  momentary m(g_mutex);
  co_await tick();
}

// Other spellings, and the value and its lock in one class.
class PortMutex {
public:
  void Lock() { mutex_.lock(); }
  void Unlock() { mutex_.unlock(); }

private:
  std::mutex mutex_;
};
class PortLock {
public:
  explicit PortLock(PortMutex *m) : mutex_(m) { mutex_->Lock(); }
  ~PortLock() { mutex_->Unlock(); }

private:
  PortMutex *const mutex_;
};
class synchronised {
public:
  struct pointer {
    std::unique_lock<std::mutex> lock;
    int *value;
    int &operator*() const { return *value; }
  };
  pointer locked() { return {std::unique_lock(mutex_), &value_}; }
  template <class F> auto with(F f) {
    std::lock_guard lock(mutex_);
    return f(value_);
  }

private:
  std::mutex mutex_;
  int value_ = 0;
};
PortMutex g_port;
synchronised g_value;
task<> of_port() {
  PortLock lock(&g_port);
  co_await tick(); // finding: lock-across-await certain "'g_port.mutex_'"
}
task<> of_port_fixed() {
  { PortLock lock(&g_port); }
  co_await tick();
}
task<> of_port_by_hand() {
  g_port.Lock();
  co_await tick(); // finding: lock-across-await certain "'g_port.mutex_'"
  g_port.Unlock();
}
task<> of_value() {
  auto value = g_value.locked();
  co_await save(*value); // finding: lock-across-await certain "'g_value.mutex_'"
}
task<> of_value_temporary() {
  co_await save(*g_value.locked()); // finding: lock-across-await "'g_value.mutex_'"
}
task<> of_value_copied() {
  int value = *g_value.locked();
  co_await save(value);
}
task<> of_value_with() { co_await save(g_value.with([](int value) { return value; })); }

// A guard that knows whether it is locked, and one that takes over a lock.
struct adopt {};
class knowing_guard {
public:
  explicit knowing_guard(std::mutex &m) : mutex_(m) { lock(); }
  knowing_guard(std::mutex &m, adopt) : mutex_(m), locked_(true) {}
  ~knowing_guard() {
    if (locked_)
      mutex_.unlock();
  }
  void lock() {
    if (!locked_) {
      mutex_.lock();
      locked_ = true;
    }
  }
  void unlock() {
    if (locked_) {
      mutex_.unlock();
      locked_ = false;
    }
  }

private:
  std::mutex &mutex_;
  bool locked_ = false;
};
void works_unlocked() {
  knowing_guard lock(g_mutex);
  if (ready())
    return;
  lock.unlock();
  use(1);
  lock.lock();
  use(2);
}
task<> calls_works_unlocked() {
  works_unlocked();
  co_await tick();
}
task<> knowing() {
  knowing_guard lock(g_mutex);
  co_await tick(); // finding: lock-across-await "'g_mutex'"
}
task<> knowing_unlocked() {
  knowing_guard lock(g_mutex);
  lock.unlock();
  co_await tick();
  lock.lock();
}
task<> knowing_adopts() {
  g_mutex.lock();
  {
    knowing_guard lock(g_mutex, adopt{});
    use(1);
  }
  co_await tick();
}
// Locks only where there is more than one thread.
class optional_lock {
public:
  explicit optional_lock(bool threads) : threads_(threads) {}
  void begin() {
    if (threads_)
      mutex_.lock();
  }
  void end() {
    if (threads_)
      mutex_.unlock();
  }

private:
  const bool threads_;
  std::mutex mutex_;
};
task<> optionally(optional_lock &o) {
  o.begin();
  co_await tick(); // finding: lock-across-await likely "'o.mutex_'"
  o.end();
}
task<> optionally_fixed(optional_lock &o) {
  o.begin();
  o.end();
  co_await tick();
}
