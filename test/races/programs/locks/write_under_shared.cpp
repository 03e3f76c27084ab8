// The writer holds the lock shared, so it is not alone.
#include <shared_mutex>
#include <thread>

static std::shared_mutex mutex;
static int value, hits;

static int get() {
  std::shared_lock<std::shared_mutex> lock(mutex);
  ++hits; // RACE(hits)
  return value;
}

int main() {
  int a = 0, b = 0;
  std::thread first([&a] { a = get(); });
  std::thread second([&b] { b = get(); });
  first.join();
  second.join();
  return a + b + (hits > 2);
}
