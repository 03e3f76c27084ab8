// A "mutex" whose lock() does nothing: names decide nothing.
#include <mutex>
#include <thread>

struct NullMutex {
  void lock() {}
  void unlock() {}
};

static NullMutex mutex;
static int count;

static void add() {
  std::lock_guard<NullMutex> lock(mutex);
  ++count; // RACE(count)
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count > 2;
}
