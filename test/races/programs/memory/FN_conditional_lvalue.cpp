// The conditional operator chooses which variable is written.
#include <thread>

static int even, odd;

static void count(int n) {
  (n % 2 == 0 ? even : odd) += 1; // RACE(even)
}

int main() {
  std::thread thread(count, 2);
  even = 5; // RACE(even)
  thread.join();
  return even + odd > 6;
}
