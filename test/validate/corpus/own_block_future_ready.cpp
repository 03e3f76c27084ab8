// The result is there: get() need not wait, and makes no call that a recorder could see.
#include "own.h"
#include <future>

static std::promise<int> promise;

static own::task ask(std::future<int> &answer) {
  if (answer.get() != 42) // verdict: blocking-call-in-coroutine inconclusive "was not seen to wait"
    std::abort();
  co_return;
}

int main() {
  std::future<int> answer = promise.get_future();
  promise.set_value(42);
  own::loop loop;
  loop.run(ask(answer));
}
