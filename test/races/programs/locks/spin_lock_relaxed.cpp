// The spin lock excludes, but its operations are relaxed: what one holder wrote is not passed on to the next.
#include <atomic>
#include <thread>

static std::atomic<bool> taken{false};
static int count;

static void add() {
  for (int i = 0; i < 20; ++i) {
    while (taken.exchange(true, std::memory_order_relaxed))
      std::this_thread::yield();
    ++count; // RACE(count)
    taken.store(false, std::memory_order_relaxed);
  }
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count > 40;
}
