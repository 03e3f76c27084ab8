// A latch as a starting gate makes the two threads begin together: it does not keep them apart.
#include <latch>
#include <thread>

static int score;

int main() {
  std::latch gate(1);
  auto player = [&gate] {
    gate.wait();
    score++; // RACE(score)
  };
  std::thread a(player), b(player);
  score = 0;
  gate.count_down();
  a.join();
  b.join();
  return score > 2;
}
