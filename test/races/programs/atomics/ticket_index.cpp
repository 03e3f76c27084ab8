// fetch_add gives every thread another index: each writes an element of its own. No race.
#include <atomic>
#include <thread>

static int slots[8];
static std::atomic<unsigned> next_slot;

static void put(int value) {
  unsigned mine = next_slot.fetch_add(1);
  if (mine < 8)
    slots[mine] = value;
}

int main() {
  std::thread a([] {
    put(1);
    put(2);
  });
  std::thread b([] { put(3); });
  a.join();
  b.join();
  return slots[0] + slots[1] + slots[2] == 6 ? 0 : 1;
}
