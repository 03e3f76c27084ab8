// operator[] of a map may insert: under a shared lock two callers write the map at once.
#include <map>
#include <shared_mutex>
#include <thread>

static std::shared_mutex mutex;
static std::map<int, int> cache;

static int look_up(int key) {
  std::shared_lock<std::shared_mutex> lock(mutex);
  return cache[key]; // RACE(cache)
}

int main() {
  int a = 0, b = 0;
  std::thread first([&a] {
    for (int i = 0; i < 20; ++i)
      a += look_up(i);
  });
  std::thread second([&b] { b = look_up(500); });
  first.join();
  second.join();
  return a + b;
}
