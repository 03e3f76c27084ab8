// The lock of p is held, but it is q's value that changes.
#include <mutex>
#include <thread>

struct Cell {
  std::mutex mutex;
  int value = 0;
};

static void move_one(Cell *p, Cell *q) {
  std::lock_guard<std::mutex> lock(p->mutex);
  p->value--;
  q->value++; // RACE(value)
}

static void bump(Cell *p) {
  std::lock_guard<std::mutex> lock(p->mutex);
  p->value++; // RACE(value)
}

int main() {
  Cell left, right;
  std::thread a([&] { move_one(&left, &right); });
  std::thread b([&] { bump(&right); });
  a.join();
  b.join();
  return left.value + right.value > 1;
}
