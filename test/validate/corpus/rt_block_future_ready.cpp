// The result is there when get() is called. The runtime counts every call, so this is proof, where a recorder sees
// nothing.
// evidence: runtime
#include "rt.h"

static task<> ask(tenterhook::future<int> answer) {
  co_await sleep_for(1ms);
  if (answer.get() != 42) // verdict: blocking-call-in-coroutine contradicted "never slow"
    std::abort();
}

int main() {
  tenterhook::promise<int> promise;
  auto answer = promise.get_future();
  promise.set_value(42);
  tenterhook::event_loop loop;
  loop.run_until_complete(ask(std::move(answer)));
}
