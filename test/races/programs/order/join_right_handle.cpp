// Two threads; the one that writes what is read is joined first, the other one may still run: no race.
#include <thread>

static int total, other;

int main() {
  std::thread adds([] { total += 5; });
  std::thread counts([] { other += 1; });
  adds.join();
  int seen = total;
  counts.join();
  return seen + other == 6 ? 0 : 1;
}
