// Two threads count without a lock. No check looks for it yet.
// builds: clang-tsan
// evidence: thread-sanitizer
#include <thread>

static int counter;
static void count() {
  for (int i = 0; i < 100; ++i)
    ++counter; // unpredicted: data-race
}

int main() {
  std::thread other(count);
  count();
  other.join();
}
