// The shared lock is given up before the exclusive one is taken for the write: no race.
#include <map>
#include <mutex>
#include <shared_mutex>
#include <thread>

static std::shared_mutex mutex;
static std::map<int, int> cache;

static int look_up(int key) {
  {
    std::shared_lock<std::shared_mutex> lock(mutex);
    auto found = cache.find(key);
    if (found != cache.end())
      return found->second;
  }
  std::unique_lock<std::shared_mutex> lock(mutex);
  return cache[key] = key * 2;
}

int main() {
  int a = 0, b = 0;
  std::thread first([&a] { a = look_up(3); });
  std::thread second([&b] { b = look_up(3); });
  first.join();
  second.join();
  return a == 6 && b == 6 ? 0 : 1;
}
