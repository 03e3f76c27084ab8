// A task waits on a condition variable of the runtime.
// evidence: runtime
#include "rt.h"

static tenterhook::mutex mutex;
static tenterhook::condition_variable arrived;
static bool here;

static task<> consumer() {
  co_await sleep_for(1ms);
  std::unique_lock lock(mutex);
  while (!here)
    arrived.wait(lock); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
}

int main() {
  std::thread producer([] {
    usleep(200'000);
    std::lock_guard guard(mutex);
    here = true;
    arrived.notify_one();
  });
  tenterhook::event_loop loop;
  loop.run_until_complete(consumer());
  producer.join();
}
