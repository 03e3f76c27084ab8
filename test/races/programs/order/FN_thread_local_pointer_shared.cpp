// The pointer is thread_local in each thread, but both point to one object.
#include <thread>

struct Stats {
  int hits = 0;
};

static Stats all;
static thread_local Stats *stats = &all;

static void hit() {
  stats->hits++; // RACE(hits)
}

int main() {
  std::thread other(hit);
  hit();
  other.join();
  return all.hits > 2;
}
