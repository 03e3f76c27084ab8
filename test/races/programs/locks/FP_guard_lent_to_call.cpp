// The guard is given by reference; the callee neither unlocks nor keeps it, so it is still held afterwards: no race.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int count, last;

static void note(const std::unique_lock<std::mutex> &held, int me) {
  if (held.owns_lock())
    last = me;
}

static void add(int me) {
  std::unique_lock<std::mutex> lock(mutex);
  note(lock, me);
  ++count;
}

int main() {
  std::thread a(add, 1), b(add, 2);
  a.join();
  b.join();
  return count == 2 && last > 0 ? 0 : 1;
}
