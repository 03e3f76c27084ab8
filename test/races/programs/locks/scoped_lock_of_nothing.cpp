// `std::scoped_lock lock;` without a mutex locks nothing.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int count;

static void add() {
  [[maybe_unused]] std::scoped_lock lock;
  ++count; // RACE(count)
}

static void add_safely() {
  std::scoped_lock lock(mutex);
  ++count; // RACE(count)
}

int main() {
  std::thread a(add), b(add_safely);
  a.join();
  b.join();
  return count > 2;
}
