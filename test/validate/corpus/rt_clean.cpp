// What blocks runs on a pool and is awaited, the lock ends before the await, every task is awaited: nothing to find or
// to see.
// verdict: none
#include "rt.h"

static std::mutex mutex;
static int total;

static task<int> ask(tenterhook::thread_pool &pool) {
  int answer = co_await tenterhook::run_in_executor(pool, [] {
    usleep(100'000);
    return 42;
  });
  {
    std::lock_guard guard(mutex);
    total += answer;
  }
  co_await sleep_for(1ms);
  co_return answer;
}

int main() {
  tenterhook::thread_pool pool(1);
  tenterhook::event_loop loop;
  return loop.run_until_complete(ask(pool)) == 42 ? 0 : 1;
}
