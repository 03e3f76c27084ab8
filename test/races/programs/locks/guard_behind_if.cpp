// The guard is declared in the if's statement, and dies with it: the access follows.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int count;

static void add(bool careful) {
  if (careful)
    std::lock_guard<std::mutex> lock(mutex);
  ++count; // RACE(count)
}

int main() {
  std::thread a(add, true), b(add, true);
  a.join();
  b.join();
  return count > 2;
}
