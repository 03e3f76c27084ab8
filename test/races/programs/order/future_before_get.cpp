// The access stands between async and get.
#include <future>

static int steps;

static int run() {
  steps = 9; // RACE(steps)
  return 1;
}

int main() {
  std::future<int> done = std::async(std::launch::async, run);
  steps++; // RACE(steps)
  return done.get() - 1;
}
