// After the barrier one thread reads what the other one overwrites in the next round: a second barrier is missing.
#include <barrier>
#include <thread>

static int slot, sum;

int main() {
  std::barrier meet(2);
  std::thread writer([&meet] {
    for (int round = 0; round < 3; ++round) {
      slot = round; // RACE(slot)
      meet.arrive_and_wait();
    }
  });
  std::thread reader([&meet] {
    for (int round = 0; round < 3; ++round) {
      meet.arrive_and_wait();
      sum += slot; // RACE(slot)
    }
  });
  writer.join();
  reader.join();
  return sum > 100;
}
