// The held lock is moved into another variable whose scope ends: the access that follows is unguarded.
#include <mutex>
#include <thread>
#include <utility>

static std::mutex mutex;
static int count;

static void add() {
  std::unique_lock<std::mutex> lock(mutex);
  {
    std::unique_lock<std::mutex> taken = std::move(lock);
    ++count; // RACE(count)
  }
  ++count; // RACE(count)
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count > 4;
}
