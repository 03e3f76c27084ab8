// Two threads count without a lock. No check looks for it yet.
// flags: -fsanitize=thread -O0
// evidence: thread-sanitizer
// unpredicted: data-race
#include <thread>

static int counter;
static void count() {
  for (int i = 0; i < 100; ++i)
    ++counter;
}

int main() {
  std::thread other(count);
  count();
  other.join();
}
