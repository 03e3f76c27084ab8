// Two threads; only the one that does not write `total` is joined before the read.
#include <thread>

static int total, other;

int main() {
  std::thread adds([] { total += 5; }); // RACE(total)
  std::thread counts([] { other += 1; });
  counts.join();
  int seen = total + other; // RACE(total)
  adds.join();
  return seen < 0;
}
