// What blocks is a function, not a lambda, that runs on a pool, where it belongs: no finding, as there is none for a lambda.
// (Of this file alone the analyzer still says that run_in_executor() hands it to an event loop.)
// verdict: none
#include "rt.h"

static int slow_answer() {
  usleep(100'000);
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
