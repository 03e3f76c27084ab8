// A function locks and returns the guard, which the caller lets go at once.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int count;

static std::unique_lock<std::mutex> enter() { return std::unique_lock<std::mutex>(mutex); }

static void add() {
  enter();
  ++count; // RACE(count)
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count > 2;
}
