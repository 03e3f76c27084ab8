// RUN: %verify %s
// lock() and unlock() without a guard, and what a class needs to count as a lock.
#include "../Inputs/task.h"
#include <atomic>
#include <memory>
#include <mutex>
#include <shared_mutex>

std::mutex g_mutex;
std::shared_mutex g_shared;
bool ready();

task<> by_hand() {
  g_mutex.lock();
  co_await tick(); // finding: lock-across-await certain "'by_hand' keeps 'g_mutex' locked"
  g_mutex.unlock();
}
task<> by_hand_fixed() {
  g_mutex.lock();
  g_mutex.unlock();
  co_await tick();
}
task<> early_return() {
  g_mutex.lock();
  if (ready()) {
    g_mutex.unlock();
    co_await tick();
    co_return;
  }
  co_await tick(); // finding: lock-across-await certain
  g_mutex.unlock();
}
task<> shared() {
  g_shared.lock_shared();
  co_await tick(); // finding: lock-across-await certain "'g_shared'"
  g_shared.unlock_shared();
}
task<> shared_fixed() {
  g_shared.lock_shared();
  g_shared.unlock_shared();
  co_await tick();
}
task<> unlock_of_other() {
  std::mutex other;
  g_mutex.lock();
  other.unlock();
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
  g_mutex.unlock();
}
task<> lock_of_a_guard_by_its_mutex() {
  std::unique_lock lock(g_mutex);
  lock.mutex()->unlock();
  co_await tick();
}

// A lock of the program's own.
class spin_lock {
public:
  void lock() {
    while (flag_.test_and_set(std::memory_order_acquire)) {
    }
  }
  bool try_lock() { return !flag_.test_and_set(std::memory_order_acquire); }
  void unlock() { flag_.clear(std::memory_order_release); }

private:
  std::atomic_flag flag_;
};
spin_lock g_spin;
task<> spin_by_hand() {
  g_spin.lock();
  co_await tick(); // finding: lock-across-await certain "'g_spin'"
  g_spin.unlock();
}
task<> spin_by_hand_fixed() {
  g_spin.lock();
  g_spin.unlock();
  co_await tick();
}
task<> spin_guard() {
  std::lock_guard lock(g_spin);
  co_await tick(); // finding: lock-across-await certain "'g_spin'"
}
task<> spin_attempt() {
  if (g_spin.try_lock()) {
    g_spin.unlock();
  } else {
    co_await tick();
  }
}

// Defined in another file.
struct remote_lock {
  void lock();
  void unlock();
};
remote_lock g_remote;
task<> remote() {
  g_remote.lock();
  co_await tick(); // finding: lock-across-await certain "'g_remote'"
  g_remote.unlock();
}

// One that wraps another: its name is what the program calls it.
class checked_mutex {
public:
  void lock() {
    mutex_.lock();
    owner_ = 1;
  }
  void unlock() {
    owner_ = 0;
    mutex_.unlock();
  }

private:
  std::mutex mutex_;
  int owner_ = 0;
};
checked_mutex g_checked;
task<> wrapped() {
  g_checked.lock();
  co_await tick(); // finding: lock-across-await certain "'g_checked"
  g_checked.unlock();
}
task<> wrapped_fixed() {
  g_checked.lock();
  g_checked.unlock();
  co_await tick();
}
task<> wrapped_guard() {
  std::lock_guard lock(g_checked);
  co_await tick(); // finding: lock-across-await certain "'g_checked"
}

// Classes that only look like one.
struct null_mutex {
  void lock() {}
  void unlock() {}
  bool try_lock() { return true; }
};
null_mutex g_null;
task<> null_by_hand() {
  g_null.lock();
  co_await tick();
  g_null.unlock();
}
task<> null_guard() {
  std::lock_guard lock(g_null);
  co_await tick();
}
task<> null_unique() {
  std::unique_lock<null_mutex> lock(g_null);
  co_await tick();
}
task<> null_and_real() {
  std::scoped_lock lock(g_null, g_mutex);
  co_await tick(); // finding: lock-across-await "keeps 'g_mutex' locked"
}
struct door {
  void lock(int key);
  void open();
};
task<> not_a_mutex(door d) {
  d.lock(1);
  co_await tick();
}
task<> weak(std::weak_ptr<int> w) {
  auto strong = w.lock();
  co_await tick();
  if (auto again = w.lock())
    co_await tick();
}
struct session : std::enable_shared_from_this<session> {
  std::weak_ptr<session> peer_;
  task<> run() {
    if (auto peer = peer_.lock())
      co_await peer->run();
    std::shared_ptr<session> other = peer_.lock();
    co_await tick();
  }
};
struct flag { // sets something, waits for nobody
  bool locked = false;
  void lock() { locked = true; }
  void unlock() { locked = false; }
};
flag g_flag;
task<> only_a_flag() {
  g_flag.lock();
  co_await tick();
  g_flag.unlock();
}
struct interface {
  virtual void lock() = 0;
  virtual void unlock() = 0;
};
task<> by_interface(interface &i) {
  i.lock();
  co_await tick(); // finding: lock-across-await "'i'"
  i.unlock();
}
