// A handler of a loop runs a second loop. What blocks in the second holds up both; what the handler resumes after it
// holds up the first; and what main() resumes when both are over, none.
// builds: clang-O0 gcc-O2
#include "own.h"
#include <poll.h>

static own::task inner(own::loop &loop) {
  for (int i = 0; i < 3; ++i) co_await loop.sleep(1ms);
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
}

static own::task outer() {
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
  co_return;
}

static own::task last() {
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "the loop is not below it"
  co_return;
}

static void serve(int descriptor, volatile int &turns, const std::function<void()> &handler) {
  for (int turn = 0; turn < turns; ++turn) {
    pollfd wanted{descriptor, POLLIN, 0};
    if (poll(&wanted, 1, 1) == 0 && turn == 4)
      handler();
  }
}

int main() {
  own::silent_pipe pipe;
  own::task first = outer(), second = last();
  volatile int turns = 6;
  serve(pipe.ends[0], turns, [&] {
    {
      own::loop nested;
      nested.run(inner(nested));
    }
    first.handle.resume();
  });
  second.handle.resume();
}
