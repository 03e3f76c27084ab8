// std::swap and std::exchange write their arguments.
#include <thread>
#include <utility>

static int current = 1;

int main() {
  int mine = 5;
  std::thread thread([&mine] {
    std::swap(current, mine); // RACE(current)
  });
  int old = std::exchange(current, 9); // RACE(current)
  thread.join();
  return old > 9;
}
