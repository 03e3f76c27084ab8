// The coroutine has moved to a thread of its own before it blocks: the analysis knows, and the run agrees.
// verdict: none
#include "own.h"

struct on_new_thread {
  std::thread &thread;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    std::thread &into = thread; // this awaiter may be gone once the other thread runs
    into = std::thread([waiting] { waiting.resume(); });
  }
  void await_resume() const noexcept {}
};

static own::task session(own::loop &loop, std::thread &helper) {
  co_await on_new_thread{helper};
  usleep(100'000);
  co_await loop.turn();
}

int main() {
  own::loop loop;
  std::thread helper;
  loop.run(session(loop, helper));
  helper.join();
}
