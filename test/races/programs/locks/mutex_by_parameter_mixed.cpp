// Mutex and counter come by parameter; the callers give the same counter with different mutexes.
#include <mutex>
#include <thread>

static void add(std::mutex &mutex, int &count) {
  std::lock_guard<std::mutex> lock(mutex);
  count++; // RACE(count)
}

int main() {
  std::mutex one, two;
  int count = 0;
  std::thread a([&] { add(one, count); });
  std::thread b([&] { add(two, count); });
  a.join();
  b.join();
  return count > 2;
}
