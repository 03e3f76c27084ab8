// The access happens only where try_to_lock has got the lock: no race.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int count;

static void add() {
  for (int i = 0; i < 100; ++i) {
    std::unique_lock<std::mutex> lock(mutex, std::try_to_lock);
    if (lock.owns_lock())
      ++count;
  }
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count > 200;
}
