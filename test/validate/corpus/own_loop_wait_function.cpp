// The loop waits in a function of its own, which starts over after a signal: it returns before handlers are called, so
// the loop is who called it. A job that waits with the same function is no loop, though the analyzer
// takes its worker for one, as it resumes coroutines.
// builds: clang-O0 clang-O2 gcc-O0 gcc-O2
#include "own.h"
#include <cerrno>

[[gnu::noinline]] static int wait_for_events(int queue, int timeout) {
  epoll_event event;
  int count;
  do
    // verdict: blocking-call-in-coroutine inconclusive "does not say whether the callback called"
    count = epoll_wait(queue, &event, 1, timeout);
  while (count < 0 && errno == EINTR);
  return count;
}

static own::task compress() {
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "the loop is not below it"
  co_return;
}

static own::task serve(bool here) {
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
  if (here)
    co_await compress();
}

[[gnu::noinline]] static void run(int queue, std::function<void()> &handler) {
  volatile int turns = 5; // or the compiler makes five waits of it
  for (int turn = 0; turn < turns; ++turn) {
    wait_for_events(queue, 1);
    if (turn == 3)
      handler();
  }
}

int main() {
  int queue = epoll_create1(0);
  own::task served = serve(own::opaque(false)), large = compress();
  std::function<void()> handler = [&] { served.handle.resume(); };
  run(queue, handler);
  {
    own::worker worker;
    for (int i = 0; i < 3; ++i) worker.post([&] { wait_for_events(queue, 1); });
    worker.post([&] { large.handle.resume(); });
  }
  close(queue);
}
