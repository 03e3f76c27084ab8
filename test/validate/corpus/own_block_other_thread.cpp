// The coroutine has moved to a thread of its own, which the trace does not know to be a loop or a worker.
// verdict: blocking-call-in-coroutine inconclusive
#include "own.h"

struct on_new_thread {
  std::thread &thread;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    thread = std::thread([waiting] { waiting.resume(); });
  }
  void await_resume() const noexcept {}
};

static own::task session(own::loop &loop, std::thread &helper, void (*work)()) {
  co_await on_new_thread{helper};
  work();
  usleep(20'000);
  co_await loop.turn();
}

int main() {
  own::loop loop;
  std::thread helper;
  loop.run(session(loop, helper, [] {}));
  helper.join();
}
