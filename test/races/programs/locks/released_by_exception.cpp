// The exception has destroyed the guard when the handler runs: the count of failures is unguarded.
#include <mutex>
#include <stdexcept>
#include <thread>

static std::mutex mutex;
static int runs, failures;

static void run(bool fail) {
  try {
    std::lock_guard<std::mutex> lock(mutex);
    ++runs;
    if (fail)
      throw std::runtime_error("no");
  } catch (const std::exception &) {
    ++failures; // RACE(failures)
  }
}

int main() {
  std::thread a(run, true), b(run, true);
  a.join();
  b.join();
  return runs + failures > 4;
}
