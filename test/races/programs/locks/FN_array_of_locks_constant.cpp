// The counter is guarded by element 1 in one thread and by element 0 in the other.
#include <mutex>
#include <thread>

static std::mutex locks[2];
static int count;

int main() {
  std::thread a([] {
    std::lock_guard<std::mutex> lock(locks[0]);
    ++count; // RACE(count)
  });
  std::thread b([] {
    std::lock_guard<std::mutex> lock(locks[1]);
    ++count; // RACE(count)
  });
  a.join();
  b.join();
  return count > 2;
}
