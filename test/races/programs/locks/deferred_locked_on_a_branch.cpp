// The deferred lock is taken only by callers that say so; the access follows in any case.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int count;

static void add(bool safely) {
  std::unique_lock<std::mutex> lock(mutex, std::defer_lock);
  if (safely)
    lock.lock();
  ++count; // RACE(count)
}

int main() {
  std::thread a(add, true), b(add, false);
  a.join();
  b.join();
  return count > 2;
}
