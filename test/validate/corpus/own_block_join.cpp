// A coroutine joins a thread that has 20 ms to go.
#include "own.h"

static own::task wait_for_thread() {
  std::thread worker([] { usleep(100'000); });
  worker.join(); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
  co_return;
}

int main() {
  own::loop loop;
  loop.run(wait_for_thread());
}
