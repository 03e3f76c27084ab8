// The loser reads what the winner is still writing: being claimed does not mean being finished.
#include <atomic>
#include <chrono>
#include <thread>

static std::atomic<bool> claimed{false};
static int winner;

static void claim(int me) {
  bool expected = false;
  if (claimed.compare_exchange_strong(expected, true)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    winner = me;             // RACE(winner)
  } else if (winner == me) { // RACE(winner)
    std::this_thread::yield();
  }
}

int main() {
  std::thread a(claim, 1), b(claim, 2);
  a.join();
  b.join();
  return winner > 2;
}
