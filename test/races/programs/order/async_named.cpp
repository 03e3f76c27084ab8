// The named future waits at the end of its scope, after the access: a race.
#include <future>

static int value;

int main() {
  auto pending = std::async(std::launch::async, [] {
    value = 3; // RACE(value)
  });
  value++; // RACE(value)
  return 0;
}
