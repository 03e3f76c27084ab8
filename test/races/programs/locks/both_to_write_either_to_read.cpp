// Writers hold both locks, readers hold either: any writer shares a lock with any reader. No race.
#include <mutex>
#include <thread>

static std::mutex left, right;
static int value;

static int by_left() {
  std::lock_guard<std::mutex> lock(left);
  return value;
}

static int by_right() {
  std::lock_guard<std::mutex> lock(right);
  return value;
}

static void set(int v) {
  std::scoped_lock both(left, right);
  value = v;
}

int main() {
  int a = 0, b = 0;
  std::thread first([&a] { a = by_left(); });
  std::thread second([&b] { b = by_right(); });
  set(3);
  first.join();
  second.join();
  return a + b > 6;
}
