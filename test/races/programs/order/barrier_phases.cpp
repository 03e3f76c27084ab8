// Each thread writes its own slot, meets the other at the barrier, and reads the other's slot: no race.
#include <barrier>
#include <thread>

static int slot[2], sums[2];

int main() {
  std::barrier meet(2);
  auto step = [&meet](int me) {
    slot[me] = me + 1;
    meet.arrive_and_wait();
    sums[me] = slot[0] + slot[1];
  };
  std::thread a(step, 0), b(step, 1);
  a.join();
  b.join();
  return sums[0] == sums[1] ? 0 : 1;
}
