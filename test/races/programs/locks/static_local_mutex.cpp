// The mutex is a static of the function: one for all calls. No race.
#include <mutex>
#include <thread>

static int count;

static void add() {
  static std::mutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
  ++count;
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count == 2 ? 0 : 1;
}
