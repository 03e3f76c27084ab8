// Mutex and counter come by parameter, and all callers give the same pair: no race.
#include <functional>
#include <mutex>
#include <thread>

static void add(std::mutex &mutex, int &count) {
  std::lock_guard<std::mutex> lock(mutex);
  count++;
}

int main() {
  std::mutex mutex;
  int count = 0;
  std::thread a(add, std::ref(mutex), std::ref(count));
  std::thread b([&] { add(mutex, count); });
  a.join();
  b.join();
  return count == 2 ? 0 : 1;
}
