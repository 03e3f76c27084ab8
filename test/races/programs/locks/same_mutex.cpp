// Both threads hold the one mutex around the counter: no race.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int count;

static void add() {
  for (int i = 0; i < 50; ++i) {
    std::lock_guard<std::mutex> lock(mutex);
    ++count;
  }
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count == 100 ? 0 : 1;
}
