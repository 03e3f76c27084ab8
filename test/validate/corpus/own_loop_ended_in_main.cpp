// The loop is written out in main(), which resumes a coroutine in it, and another before it and after it.
// builds: clang-O0 clang-O2 gcc-O0 gcc-O2
#include "own.h"

static own::task before() {
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "the loop is not below it"
  co_return;
}

static own::task meanwhile() {
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
  co_return;
}

static own::task after() {
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "the loop is not below it"
  co_return;
}

int main() {
  int queue = epoll_create1(0);
  own::task first = before(), second = meanwhile(), third = after();
  first.handle.resume();
  epoll_event event;
  volatile int turns = 4; // or the compiler makes four waits of it
  for (int turn = 0; turn < turns; ++turn) {
    int ready = epoll_wait(queue, &event, 1, 1);
    if (ready == 0 && turn == 2)
      second.handle.resume();
  }
  third.handle.resume();
  close(queue);
}
