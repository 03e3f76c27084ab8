// Each round starts a thread before it joins the one of the round before: two are alive at a time.
#include <thread>

static int rounds;

int main() {
  std::thread previous;
  for (int i = 0; i < 4; ++i) {
    std::thread next([] {
      rounds++; // RACE(rounds)
    });
    if (previous.joinable())
      previous.join();
    previous = std::move(next);
  }
  previous.join();
  return rounds > 4;
}
