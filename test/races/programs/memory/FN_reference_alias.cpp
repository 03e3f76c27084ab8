// A reference is another name for the global.
#include <thread>

static int level;
static int &alias = level;

int main() {
  std::thread thread([] {
    alias = 3; // RACE(level)
  });
  level++; // RACE(level)
  thread.join();
  return level > 4;
}
