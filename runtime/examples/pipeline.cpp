// A pipeline: a producer, workers and a writer, between them bounded queues; a mutex held across awaits, a semaphore that
// limits how many do the expensive part, and what blocks done on another executor.
#include <tenterhook/async_mutex.h>
#include <tenterhook/async_queue.h>
#include <tenterhook/async_semaphore.h>
#include <tenterhook/event_loop.h>
#include <tenterhook/run_in_executor.h>
#include <tenterhook/sleep.h>
#include <tenterhook/thread_pool.h>
#include <tenterhook/when_all.h>

#include <cstdio>
#include <thread>

using namespace std::chrono_literals;
using namespace tenterhook;

namespace {

int slow_square(int of) {
  std::this_thread::sleep_for(1ms); // blocks: fine on a pool, a stall on the loop
  return of * of;
}

task<> produce(async_queue<int> &to) {
  for (int i = 1; i <= 20; ++i)
    co_await to.push(i); // waits while the queue is full
  to.close();
}

struct shared_total {
  async_mutex guard;
  long sum = 0;
};

task<> work_on(async_queue<int> &from, shared_total &total, async_semaphore &turns, thread_pool &pool) {
  while (std::optional<int> value = co_await from.pop()) {
    auto turn = co_await turns.acquire();
    int square = co_await run_in_executor(pool, [of = *value] { return slow_square(of); });
    auto held = co_await total.guard.lock(); // a std::mutex must not be held across the await below
    long before = total.sum;
    co_await yield();
    total.sum = before + square;
  }
}

} // namespace

int main() {
  thread_pool pool(2);
  event_loop loop;
  async_queue<int> numbers(4);
  async_semaphore turns(2);
  shared_total total;
  loop.run_until_complete(when_all(produce(numbers), work_on(numbers, total, turns, pool), work_on(numbers, total, turns, pool),
                                   work_on(numbers, total, turns, pool)));
  std::printf("sum of squares: %ld\n", total.sum);
  return total.sum == 2870 ? 0 : 1;
}
