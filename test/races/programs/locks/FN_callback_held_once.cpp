// The same callable is called under the lock by one thread and without it by the other.
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
  std::function<void()> add = [] {
    ++count; // RACE(count)
  };
  std::thread a([&add] { locked(add); });
  std::thread b([&add] { add(); });
  a.join();
  b.join();
  return count > 2;
}
