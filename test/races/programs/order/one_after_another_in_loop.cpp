// One thread in each round of the loop, joined in the same round: never two at once, no race.
#include <thread>

static int rounds;

int main() {
  for (int i = 0; i < 4; ++i) {
    std::thread worker([] { rounds++; });
    worker.join();
  }
  return rounds == 4 ? 0 : 1;
}
