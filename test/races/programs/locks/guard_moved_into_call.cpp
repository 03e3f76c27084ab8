// The guard is moved into a function that takes it by value: it is released when that returns, before the access.
#include <mutex>
#include <thread>
#include <utility>

static std::mutex mutex;
static int count, last;

static void note(std::unique_lock<std::mutex> held, int me) {
  if (held.owns_lock())
    last = me;
}

static void add(int me) {
  std::unique_lock<std::mutex> lock(mutex);
  note(std::move(lock), me);
  ++count; // RACE(count)
}

int main() {
  std::thread a(add, 1), b(add, 2);
  a.join();
  b.join();
  return count + last > 4;
}
