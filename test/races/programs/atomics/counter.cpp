// A relaxed atomic counter: unordered, but no race.
#include <atomic>
#include <thread>

static std::atomic<int> count;

static void add() {
  for (int i = 0; i < 100; ++i)
    count.fetch_add(1, std::memory_order_relaxed);
}

int main() {
  std::thread a(add), b(add);
  int early = count.load(std::memory_order_relaxed);
  a.join();
  b.join();
  return count == 200 && early >= 0 ? 0 : 1;
}
