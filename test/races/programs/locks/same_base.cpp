// p->mutex guards p->value: whichever object a thread gets, it locks that one. No race.
#include <mutex>
#include <thread>

struct Cell {
  std::mutex mutex;
  int value = 0;
};

static void bump(Cell *p) {
  p->mutex.lock();
  p->value++;
  p->mutex.unlock();
}

int main() {
  Cell left, right;
  std::thread a([&] {
    bump(&left);
    bump(&right);
  });
  std::thread b([&] {
    bump(&right);
    bump(&left);
  });
  a.join();
  b.join();
  return left.value + right.value == 4 ? 0 : 1;
}
