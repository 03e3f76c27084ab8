// A project's own awaiters that resume on a thread: what follows the await may block.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <functional>
#include <thread>
using namespace std::chrono_literals;

struct ResumeOnNewThread {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    std::thread([handle] { handle.resume(); }).detach();
  }
  void await_resume() {}
};
auto switch_to_new_thread(std::jthread &out) {
  struct Awaiter {
    std::jthread *thread;
    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> handle) {
      *thread = std::jthread([handle] { handle.resume(); });
    }
    void await_resume() {}
  };
  return Awaiter{&out};
}
struct Callable {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> handle) { std::thread(handle).detach(); }
  void await_resume() {}
};
task<> on_a_new_thread(std::jthread &thread, int way) {
  if (way == 1)
    co_await ResumeOnNewThread{};
  else if (way == 2)
    co_await switch_to_new_thread(thread);
  else
    co_await Callable{};
  std::this_thread::sleep_for(1s);
}

// Work on a thread, the handle back to the loop: the coroutine is on the loop again.
void post_to_loop(std::function<void()>);
struct WorkElsewhere {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    std::thread([handle] {
      std::this_thread::sleep_for(1s);
      post_to_loop([handle] { handle.resume(); });
    }).detach();
  }
  void await_resume() {}
};
task<> comes_back() {
  co_await WorkElsewhere{};
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
}

// Before the hop.
task<> before() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  co_await ResumeOnNewThread{};
}
