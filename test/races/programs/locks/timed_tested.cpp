// try_lock_for is tested, and the work is left out when the time runs out: no race.
#include <chrono>
#include <mutex>
#include <thread>

static std::timed_mutex mutex;
static int count;

static void add() {
  if (!mutex.try_lock_for(std::chrono::milliseconds(500)))
    return;
  ++count;
  mutex.unlock();
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count > 2;
}
