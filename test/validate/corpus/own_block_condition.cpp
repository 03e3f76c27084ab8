// A coroutine waits on a condition variable.
#include "own.h"

static std::mutex mutex;
static std::condition_variable arrived;
static bool here;

static own::task consumer() {
  std::unique_lock lock(mutex);
  while (!here)
    arrived.wait(lock); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
  co_return;
}

int main() {
  std::thread producer([] {
    usleep(100'000);
    std::lock_guard guard(mutex);
    here = true;
    arrived.notify_one();
  });
  own::loop loop;
  loop.run(consumer());
  producer.join();
}
