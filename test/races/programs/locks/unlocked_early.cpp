// The unique_lock is unlocked before the last statement.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int count, last;

static void add(int me) {
  std::unique_lock<std::mutex> lock(mutex);
  ++count;
  lock.unlock();
  last = me; // RACE(last)
}

int main() {
  std::thread a(add, 1), b(add, 2);
  a.join();
  b.join();
  return count + last > 4;
}
