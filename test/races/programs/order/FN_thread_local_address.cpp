// main gives the address of its own thread_local to another thread: that is shared memory.
#include <thread>

static thread_local int depth;

int main() {
  int *mine = &depth;
  std::thread other([mine] {
    *mine += 1; // RACE(depth)
  });
  depth++; // RACE(depth)
  other.join();
  return depth > 2;
}
