// The mutex is a local variable of the function: each call has its own.
#include <mutex>
#include <thread>

static int count;

static void add() {
  std::mutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
  ++count; // RACE(count)
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count > 2;
}
