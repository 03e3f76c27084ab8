// A spin lock of atomic_flag with acquire and release: no race.
#include <atomic>
#include <thread>

class Spin {
public:
  void lock() {
    while (flag_.test_and_set(std::memory_order_acquire))
      std::this_thread::yield();
  }
  void unlock() { flag_.clear(std::memory_order_release); }

private:
  std::atomic_flag flag_;
};

static Spin spin;
static int count;

static void add() {
  for (int i = 0; i < 20; ++i) {
    spin.lock();
    ++count;
    spin.unlock();
  }
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count == 40 ? 0 : 1;
}
