// The guard stands outside the try block, so it is still held in the handler: no race.
#include <mutex>
#include <stdexcept>
#include <thread>

static std::mutex mutex;
static int runs, failures;

static void run(bool fail) {
  std::lock_guard<std::mutex> lock(mutex);
  try {
    ++runs;
    if (fail)
      throw std::runtime_error("no");
  } catch (const std::exception &) {
    ++failures;
  }
}

int main() {
  std::thread a(run, true), b(run, true);
  a.join();
  b.join();
  return runs + failures == 4 ? 0 : 1;
}
