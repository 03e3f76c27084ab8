// A lock of the program's own: a loop around an atomic. The recorder sees locks of pthread only, so that it was never
// taken is not known.
#include "own.h"
#include <atomic>

class spin_lock {
public:
  void lock() {
    while (taken_.test_and_set(std::memory_order_acquire))
      std::this_thread::yield();
  }
  void unlock() { taken_.clear(std::memory_order_release); }

private:
  std::atomic_flag taken_;
};

static spin_lock table_lock;

static own::task session(own::loop &loop) {
  std::lock_guard guard(table_lock);
  co_await loop.sleep(1ms); // verdict: lock-across-await inconclusive "does not see locks of this type ('spin_lock')"
}

int main() {
  own::loop loop;
  loop.run(session(loop));
}
