// Each thread has its own thread_local: no race.
#include <thread>

static thread_local int depth;

static int enter() {
  ++depth;
  int result = depth;
  --depth;
  return result;
}

int main() {
  int a = 0;
  std::thread other([&a] { a = enter(); });
  int b = enter();
  other.join();
  return a == 1 && b == 1 ? 0 : 1;
}
