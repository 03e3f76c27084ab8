// The adopting guard's block ends before the second access, and with it the lock.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int count;

static void add() {
  mutex.lock();
  {
    std::lock_guard<std::mutex> adopted(mutex, std::adopt_lock);
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
