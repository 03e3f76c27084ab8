// A task takes from a queue that is meant for threads. Recorded: the runtime tells of the queue, the recorder of the
// condition variable in it, and both of them are one wait.
#include "rt.h"

static task<> consumer(tenterhook::blocking_queue<int> &queue) {
  co_await sleep_for(1ms);
  if (queue.get() != 7) // verdict: blocking-call-in-coroutine confirmed "blocking_queue::get' blocked the loop once"
    std::abort();
}

int main() {
  tenterhook::blocking_queue<int> queue;
  std::thread producer([&] {
    usleep(200'000);
    queue.put(7);
  });
  tenterhook::event_loop loop;
  loop.run_until_complete(consumer(queue));
  producer.join();
}
