// The same constant element, once by index and once by pointer arithmetic.
#include <thread>

static int slots[2];

int main() {
  std::thread a([] {
    slots[1] = 1; // RACE(slot)
  });
  std::thread b([] {
    *(slots + 1) = 2; // RACE(slot)
  });
  a.join();
  b.join();
  return slots[0] + slots[1] > 2;
}
