// What blocks is a function that runs on a pool, where it belongs. Right would be no finding; the analyzer follows the
// function into the constructor of what is posted. The run contradicts it.
#include "rt.h"

static int slow_answer() {
  usleep(20'000); // verdict: blocking-call-in-coroutine contradicted "on a pool's worker"
  return 42;
}

static task<int> ask(tenterhook::thread_pool &pool) {
  int answer = co_await tenterhook::run_in_executor(pool, slow_answer);
  co_await sleep_for(1ms);
  co_return answer;
}

int main() {
  tenterhook::thread_pool pool(1);
  tenterhook::event_loop loop;
  return loop.run_until_complete(ask(pool)) == 42 ? 0 : 1;
}
