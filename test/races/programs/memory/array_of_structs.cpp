// Different fields of the same element, and the same field of different elements: no race.
#include <thread>

struct Slot {
  int reads = 0, writes = 0;
};

static Slot slots[2];

int main() {
  std::thread a([] {
    slots[0].reads++;
    slots[1].writes++;
  });
  std::thread b([] {
    slots[0].writes++;
    slots[1].reads++;
  });
  a.join();
  b.join();
  return slots[0].reads + slots[1].writes == 2 ? 0 : 1;
}
