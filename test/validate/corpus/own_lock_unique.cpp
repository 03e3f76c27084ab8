// A unique_lock, locked later, in a member function.
#include "own.h"

class store {
public:
  own::task compact(own::loop &loop) {
    std::unique_lock lock(mutex_, std::defer_lock);
    co_await loop.sleep(1ms);
    lock.lock();
    ++generation_;
    co_await loop.sleep(3ms); // verdict: lock-across-await confirmed "went back to its loop"
  }

private:
  std::mutex mutex_;
  int generation_ = 0;
};

int main() {
  own::loop loop;
  store store;
  loop.run(store.compact(loop));
}
