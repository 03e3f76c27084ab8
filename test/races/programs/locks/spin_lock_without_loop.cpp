// test_and_set is called once, and nobody looks whether the flag had been set: that excludes no one.
#include <atomic>
#include <thread>

static std::atomic_flag flag;
static int count;

static void add() {
  (void)flag.test_and_set(std::memory_order_relaxed);
  ++count; // RACE(count)
  flag.clear(std::memory_order_relaxed);
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count > 2;
}
