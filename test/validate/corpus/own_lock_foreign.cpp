// The coroutine continues on another thread, which then unlocks.
#include "own.h"

static std::mutex mutex;

struct on_new_thread {
  std::thread &thread;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    std::thread &into = thread; // this awaiter may be gone once the other thread runs
    into = std::thread([waiting] {
      usleep(2'000);
      waiting.resume();
    });
  }
  void await_resume() const noexcept {}
};

static own::task update(own::loop &loop, std::thread &helper) {
  {
    std::lock_guard guard(mutex);
    co_await on_new_thread{helper}; // verdict: lock-across-await confirmed "went back to its loop"
  }
  co_await loop.turn();
}

int main() {
  own::loop loop;
  std::thread helper;
  loop.run(update(loop, helper));
  helper.join();
}
