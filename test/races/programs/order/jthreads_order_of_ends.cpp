// Two jthreads of one scope run side by side; that both are joined at its end does not order them.
#include <thread>

static int level;

int main() {
  {
    std::jthread up([] {
      level += 3; // RACE(level)
    });
    std::jthread down([] {
      level -= 1; // RACE(level)
    });
  }
  return level > 3;
}
