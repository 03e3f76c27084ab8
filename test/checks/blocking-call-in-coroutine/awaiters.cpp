// What an await runs: await_transform, operator co_await, await_ready, await_suspend, await_resume.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <future>
#include <thread>
using namespace std::chrono_literals;

struct SleepsInReady {
  bool await_ready() {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine "on the event loop of the coroutine that awaits"
    return false;
  }
  void await_suspend(std::coroutine_handle<>) {}
  void await_resume() {}
};
struct SleepsInSuspend {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
    h.resume();
  }
  void await_resume() {}
};
void helper(std::future<int> &f) { use(f.get()); } // finding: blocking-call-in-coroutine "WaitsInResume::await_resume"
struct WaitsInResume {
  std::future<int> &result;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<>) {}
  void await_resume() { helper(result); }
};
task<> awaits_them(std::future<int> &f) {
  co_await SleepsInReady{};
  co_await SleepsInSuspend{};
  co_await WaitsInResume{f};
}

// An awaiter of a library for others to await.
struct NobodyHereAwaits {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<>) {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  }
  void await_resume() {}
};

struct Operation {
  int delay;
};
auto operator co_await(Operation) {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  return std::suspend_always{};
}
task<> through_operator_co_await(Operation op) { co_await op; }

struct transforming_task {
  struct promise_type {
    transforming_task get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
    std::suspend_always await_transform(int) {
      std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
      return {};
    }
  };
};
transforming_task through_await_transform() { co_await 1; }

// The operand is evaluated before the await.
int slow_operand() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine "coroutine 'operand'"
  return 1;
}
awaitable<> starts_with(int);
task<> operand() { co_await starts_with(slow_operand()); }

// The thread that resumes does the waiting: await_suspend starts it.
struct WaitsElsewhere {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    std::thread([h] {
      std::this_thread::sleep_for(1s);
      h.resume();
    }).detach();
  }
  void await_resume() {}
};
task<> awaits_a_thread() { co_await WaitsElsewhere{}; }

// Functions of an awaiter that no await runs.
struct WithAMain {
  bool await_ready() { return true; }
  void await_suspend(std::coroutine_handle<>) {}
  void await_resume() {}
  void wait_synchronously() { std::this_thread::sleep_for(1s); }
};
task<> awaits_the_quiet_one() { co_await WithAMain{}; }
