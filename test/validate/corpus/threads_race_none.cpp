// Two threads count with a lock: a log without a report says nothing against anybody.
// verdict: none
// builds: clang-tsan
// evidence: thread-sanitizer
#include <mutex>
#include <thread>

static std::mutex mutex;
static int counter;
static void count() {
  for (int i = 0; i < 100; ++i) {
    std::lock_guard guard(mutex);
    ++counter;
  }
}

int main() {
  std::thread other(count);
  count();
  other.join();
  return counter == 200 ? 0 : 1; // and nothing is printed: the log is empty
}
