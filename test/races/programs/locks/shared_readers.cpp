// Readers share the lock, the writer has it alone: no race.
#include <mutex>
#include <shared_mutex>
#include <thread>

static std::shared_mutex mutex;
static int value;

static int get() {
  std::shared_lock<std::shared_mutex> lock(mutex);
  return value;
}

static void set(int v) {
  std::unique_lock<std::shared_mutex> lock(mutex);
  value = v;
}

int main() {
  int a = 0, b = 0;
  std::thread first([&a] { a = get(); });
  std::thread second([&b] { b = get(); });
  set(4);
  first.join();
  second.join();
  return a + b > 8;
}
