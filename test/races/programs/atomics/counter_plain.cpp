// The neighbour of the atomic counter is plain, and counted in the same way.
#include <atomic>
#include <thread>

struct Stats {
  std::atomic<int> hits{0};
  int misses = 0;
};

static Stats stats;

static void add() {
  stats.hits++;
  stats.misses++; // RACE(misses)
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return stats.misses > 2;
}
