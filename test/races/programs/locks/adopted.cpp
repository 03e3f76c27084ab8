// The mutex is locked by hand, and a guard adopts it: held until the end of the scope. No race.
#include <mutex>
#include <thread>

static std::mutex mutex, other;
static int count;

static void add() {
  std::lock(mutex, other);
  std::lock_guard<std::mutex> first(mutex, std::adopt_lock);
  std::lock_guard<std::mutex> second(other, std::adopt_lock);
  ++count;
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count == 2 ? 0 : 1;
}
