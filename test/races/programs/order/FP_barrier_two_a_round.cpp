// Two barriers a round: write, meet, read, meet. No race.
#include <barrier>
#include <thread>

static int slot, sum;

int main() {
  std::barrier meet(2);
  std::thread writer([&meet] {
    for (int round = 0; round < 3; ++round) {
      slot = round;
      meet.arrive_and_wait();
      meet.arrive_and_wait();
    }
  });
  std::thread reader([&meet] {
    for (int round = 0; round < 3; ++round) {
      meet.arrive_and_wait();
      sum += slot;
      meet.arrive_and_wait();
    }
  });
  writer.join();
  reader.join();
  return sum == 3 ? 0 : 1;
}
