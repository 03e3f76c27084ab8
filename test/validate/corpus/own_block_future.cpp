// A coroutine waits for another thread's result.
#include "own.h"
#include <future>

static int slow_answer() {
  usleep(100'000);
  return 42;
}

static own::task ask() {
  auto answer = std::async(std::launch::async, slow_answer);
  if (answer.get() != 42) // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
    std::abort();
  co_return;
}

int main() {
  own::loop loop;
  loop.run(ask());
}
