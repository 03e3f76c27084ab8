// Every caller of the callable goes through the function that holds the lock: no race.
#include <functional>
#include <mutex>
#include <thread>

static std::mutex mutex;
static int count;

static void locked(const std::function<void()> &run) {
  std::lock_guard<std::mutex> lock(mutex);
  run();
}

int main() {
  const std::function<void()> add = [] { ++count; };
  std::thread a([&add] { locked(add); });
  std::thread b([&add] { locked(add); });
  a.join();
  b.join();
  return count == 2 ? 0 : 1;
}
