// The mutex is thread_local: each thread locks its own.
#include <mutex>
#include <thread>

static thread_local std::mutex mutex;
static int count;

static void add() {
  std::lock_guard<std::mutex> lock(mutex);
  ++count; // RACE(count)
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count > 2;
}
