// The coroutine is a lambda.
#include "own.h"

int main() {
  own::loop loop;
  auto session = [](own::loop &on) -> own::task {
    co_await on.sleep(1ms);
    usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
  };
  loop.run(session(loop));
}
