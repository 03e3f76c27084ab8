// The same template, but with a plain long.
#include <thread>

template <class T> struct Stats {
  T hits{};
};

static Stats<long> stats;

int main() {
  std::thread thread([] {
    ++stats.hits; // RACE(hits)
  });
  ++stats.hits; // RACE(hits)
  thread.join();
  return stats.hits > 2;
}
