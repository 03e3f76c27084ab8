// The guard is given by reference, and the callee unlocks it.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int count, last;

static void note_and_leave(std::unique_lock<std::mutex> &held, int me) {
  last = me;
  held.unlock();
}

static void add(int me) {
  std::unique_lock<std::mutex> lock(mutex);
  note_and_leave(lock, me);
  ++count; // RACE(count)
}

int main() {
  std::thread a(add, 1), b(add, 2);
  a.join();
  b.join();
  return count + last > 4;
}
