// Element 1 of an array of mutexes guards the counter in both threads: no race.
#include <array>
#include <mutex>
#include <thread>

static std::array<std::mutex, 2> locks;
static int count;

int main() {
  std::thread a([] {
    std::lock_guard<std::mutex> lock(locks[1]);
    ++count;
  });
  std::thread b([] {
    std::lock_guard<std::mutex> lock(locks[1]);
    ++count;
  });
  a.join();
  b.join();
  return count == 2 ? 0 : 1;
}
