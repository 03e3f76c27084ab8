// A spin lock of a plain bool: the flag races itself, and so does what it should protect.
#include <chrono>
#include <thread>

static bool taken;
static int count;

static void add() {
  for (int i = 0; i < 100 && taken; ++i) // RACE(taken)
    std::this_thread::sleep_for(std::chrono::microseconds(10));
  taken = true;  // RACE(taken)
  ++count;       // RACE(count)
  taken = false; // RACE(taken)
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count > 2;
}
