// The guard is a temporary of a comma expression: it lives until the end of the full expression, so around the access. No race.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int count;

static int next() { return std::unique_lock<std::mutex>(mutex), ++count; }

int main() {
  int a = 0, b = 0;
  std::thread first([&a] { a = next(); });
  std::thread second([&b] { b = next(); });
  first.join();
  second.join();
  return a + b == 3 ? 0 : 1;
}
