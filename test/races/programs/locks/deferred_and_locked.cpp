// The lock is deferred, and taken before the access: no race.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int count;

static void add() {
  std::unique_lock<std::mutex> lock(mutex, std::defer_lock);
  lock.lock();
  ++count;
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count == 2 ? 0 : 1;
}
