// The field is chosen by a pointer to member.
#include <thread>

struct Stats {
  int hits = 0, misses = 0;
};

static Stats stats;

static void add(int Stats::*which) {
  stats.*which += 1; // RACE(hits)
}

int main() {
  std::thread thread(add, &Stats::hits);
  stats.hits++; // RACE(hits)
  thread.join();
  return stats.hits > 2;
}
