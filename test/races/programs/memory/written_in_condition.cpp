// The write hides in a condition, the read in an initialiser of another scope.
#include <thread>

static int turns;

int main() {
  std::thread thread([] {
    if (++turns > 5) // RACE(turns)
      return;
  });
  for (int left = 3 - turns; left > 0; --left) { // RACE(turns)
  }
  thread.join();
  return 0;
}
