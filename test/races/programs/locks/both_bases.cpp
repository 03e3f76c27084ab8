// The locks of both objects are held while both values change: no race.
#include <mutex>
#include <thread>

struct Cell {
  std::mutex mutex;
  int value = 0;
};

static void move_one(Cell &p, Cell &q) {
  std::scoped_lock both(p.mutex, q.mutex);
  p.value--;
  q.value++;
}

int main() {
  Cell left, right;
  std::thread a([&] { move_one(left, right); });
  std::thread b([&] { move_one(right, left); });
  a.join();
  b.join();
  return left.value == 0 ? 0 : 1;
}
