// The helper joins, but it is given the other thread.
#include <thread>

static int state;

static void finish(std::thread &thread) {
  if (thread.joinable())
    thread.join();
}

int main() {
  std::thread worker([] {
    state = 1; // RACE(state)
  });
  std::thread idle([] {});
  finish(idle);
  state++; // RACE(state)
  finish(worker);
  return 0;
}
