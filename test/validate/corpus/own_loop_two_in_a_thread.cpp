// One thread runs two loops, in turn, and resumes a coroutine between them. Each loop is held up by its own coroutines.
// builds: clang-O2 gcc-O0
#include "own.h"

static own::task of_first(own::loop &loop) {
  co_await loop.sleep(1ms);
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
}

static own::task of_second(own::loop &loop) {
  co_await loop.sleep(1ms);
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
}

static own::task between() {
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "the loop is not below it"
  co_return;
}

static own::task never(own::loop &loop, bool here) {
  co_await loop.sleep(1ms);
  if (here)
    co_await between();
}

int main() {
  std::thread runner([] {
    own::loop first, second;
    first.run(of_first(first));
    own::task alone = between();
    alone.handle.resume();
    second.run(of_second(second));
    second.run(never(second, own::opaque(false)));
  });
  runner.join();
}
