// Two objects of one class, each used by one thread only and without a lock: nothing is shared, no race.
#include <mutex>
#include <thread>

struct Cell {
  std::mutex mutex;
  int value = 0;
  void quick() { value++; }
};

int main() {
  Cell left, right;
  std::thread a([&left] { left.quick(); });
  std::thread b([&right] { right.quick(); });
  a.join();
  b.join();
  return left.value + right.value == 2 ? 0 : 1;
}
