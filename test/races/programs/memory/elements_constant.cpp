// Two constant elements of an array: two locations, no race.
#include <thread>

static int slots[2];

int main() {
  std::thread a([] { slots[0] = 1; });
  std::thread b([] { slots[1] = 2; });
  a.join();
  b.join();
  return slots[0] + slots[1] == 3 ? 0 : 1;
}
