// get() returns after the task has ended: no race.
#include <future>

static int steps;

static int run() {
  steps = 9;
  return 1;
}

int main() {
  std::future<int> done = std::async(std::launch::async, run);
  int one = done.get();
  return steps + one == 10 ? 0 : 1;
}
