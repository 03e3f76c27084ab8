// Both threads go through the same call_once before they read: its effects are seen by both, no race.
#include <mutex>
#include <thread>

static std::once_flag flag;
static int *cache;

static int value() {
  std::call_once(flag, [] { cache = new int(6); });
  return *cache;
}

int main() {
  int a = 0, b = 0;
  std::thread first([&a] { a = value(); });
  std::thread second([&b] { b = value(); });
  first.join();
  second.join();
  bool right = a == 6 && b == 6;
  delete cache;
  return right ? 0 : 1;
}
