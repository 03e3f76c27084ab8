// Load, use, store: two threads may have loaded the same index.
// tsan: unrun
// tsan-why: only if both load before one of them stores, and the stores of an atomic order the rest by accident
#include <atomic>
#include <thread>

static int slots[8];
static std::atomic<unsigned> next_slot;

static void put(int value) {
  unsigned mine = next_slot.load();
  if (mine < 8)
    slots[mine] = value; // RACE(slots)
  next_slot.store(mine + 1);
}

int main() {
  std::thread a(put, 1), b(put, 2);
  a.join();
  b.join();
  return slots[2];
}
