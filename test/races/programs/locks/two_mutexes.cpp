// Each thread holds a mutex, but not the same one.
#include <mutex>
#include <thread>

static std::mutex first, second;
static int count;

int main() {
  std::thread a([] {
    std::lock_guard<std::mutex> lock(first);
    ++count; // RACE(count)
  });
  std::thread b([] {
    std::lock_guard<std::mutex> lock(second);
    ++count; // RACE(count)
  });
  a.join();
  b.join();
  return count > 2;
}
