// A deferred task runs in the thread that calls get(): one thread only, no race.
#include <future>

static int value;

int main() {
  auto lazy = std::async(std::launch::deferred, [] { return value += 5; });
  value = 1;
  int got = lazy.get();
  value++;
  return got == 6 ? 0 : 1;
}
