// A recursive mutex is still held after the inner unlock: no race.
#include <mutex>
#include <thread>

static std::recursive_mutex mutex;
static int count;

static void inner() {
  std::lock_guard<std::recursive_mutex> lock(mutex);
  ++count;
}

static void outer() {
  std::lock_guard<std::recursive_mutex> lock(mutex);
  inner();
  ++count;
}

int main() {
  std::thread a(outer), b(outer);
  a.join();
  b.join();
  return count == 4 ? 0 : 1;
}
