// The atomic hides behind aliases and a template: no race.
#include <atomic>
#include <thread>

template <class T> using Shared = std::atomic<T>;
using Counter = Shared<long>;

template <class T> struct Stats {
  T hits{};
};

static Stats<Counter> stats;

int main() {
  std::thread thread([] { ++stats.hits; });
  ++stats.hits;
  thread.join();
  return stats.hits == 2 ? 0 : 1;
}
