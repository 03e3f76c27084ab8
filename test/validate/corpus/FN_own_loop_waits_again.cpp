// Right would be confirmed: the loop's wait has a loop of its own, since it waits again until there is an event or its
// time is over. So does a job that polls until its deadline, and nothing in the code tells the one from the other.
// builds: clang-O2
#include "own.h"

[[gnu::noinline]] static int wait_until(int queue, std::chrono::steady_clock::time_point deadline) {
  epoll_event event;
  int count = 0;
  while (count == 0 && std::chrono::steady_clock::now() < deadline) count = epoll_wait(queue, &event, 1, 1);
  return count;
}

static own::task serve() {
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "the loop is not below it"
  co_return;
}

[[gnu::noinline]] static void run(int queue, std::function<void()> &handler) {
  volatile int turns = 5;
  for (int turn = 0; turn < turns; ++turn) {
    wait_until(queue, std::chrono::steady_clock::now() + 2ms);
    if (turn == 3)
      handler();
  }
}

int main() {
  int queue = epoll_create1(0);
  own::task served = serve();
  std::function<void()> handler = [&] { served.handle.resume(); };
  run(queue, handler);
  close(queue);
}
