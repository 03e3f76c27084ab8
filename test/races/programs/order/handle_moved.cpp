// The handle is moved to another variable, and that one is joined: no race.
#include <thread>
#include <utility>

static int value;

int main() {
  std::thread first([] { value = 1; });
  std::thread second = std::move(first);
  second.join();
  value++;
  return value == 2 ? 0 : 1;
}
