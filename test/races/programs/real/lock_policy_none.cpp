// The container's lock is a policy, and it is used by two threads with the policy that locks nothing.
#include <mutex>
#include <thread>

struct NoLock {
  void lock() {}
  void unlock() {}
};

template <class Lock> class Counter {
public:
  void add() {
    std::lock_guard<Lock> guard(lock_);
    ++value_; // RACE(value)
  }

private:
  Lock lock_;
  int value_ = 0;
};

static Counter<NoLock> counter;

int main() {
  std::thread a([] { counter.add(); });
  std::thread b([] { counter.add(); });
  a.join();
  b.join();
  return 0;
}
