// Both locks are taken, in the order of their addresses: both values are guarded, whichever comes first. No race.
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

struct Cell {
  std::mutex mutex;
  int value = 0;
};

static void swap_values(Cell &a, Cell &b) {
  std::mutex *first = &a.mutex, *second = &b.mutex;
  if (std::less<>()(second, first))
    std::swap(first, second);
  std::lock_guard<std::mutex> one(*first), two(*second);
  std::swap(a.value, b.value);
}

int main() {
  Cell left, right;
  left.value = 1;
  std::thread a([&] { swap_values(left, right); });
  std::thread b([&] { swap_values(right, left); });
  a.join();
  b.join();
  return left.value == 1 ? 0 : 1;
}
