// The container's lock is a policy; the shared one has std::mutex, the one without lock is used by main only. No race.
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
    ++value_;
  }

private:
  Lock lock_;
  int value_ = 0;
};

static Counter<std::mutex> shared;
static Counter<NoLock> own;

int main() {
  std::thread thread([] { shared.add(); });
  shared.add();
  own.add();
  thread.join();
  own.add();
  return 0;
}
