// compare_exchange lets one thread only through: it alone writes, and main reads after the joins. No race.
#include <atomic>
#include <thread>

static std::atomic<bool> claimed{false};
static int winner;

static void claim(int me) {
  bool expected = false;
  if (claimed.compare_exchange_strong(expected, true))
    winner = me;
}

int main() {
  std::thread a(claim, 1), b(claim, 2);
  a.join();
  b.join();
  return winner == 1 || winner == 2 ? 0 : 1;
}
