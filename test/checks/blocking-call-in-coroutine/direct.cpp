// A coroutine that blocks by its own hand, and code that may.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <future>
#include <thread>
using namespace std::chrono_literals;

task<> pause_here() {
  std::this_thread::sleep_for(10ms); // finding: blocking-call-in-coroutine "while coroutine 'pause_here' runs on its event loop"
  co_await tick();
}

task<> pause_after_an_await() {
  co_await tick();
  std::this_thread::sleep_for(10ms); // finding: blocking-call-in-coroutine
}

task<int> in_a_return_value(std::future<int> answer) {
  co_return answer.get(); // finding: blocking-call-in-coroutine "Await the result instead of waiting for it"
}

task<> in_conditions_and_loops(std::future<bool> more) {
  while (more.get()) // finding: blocking-call-in-coroutine
    co_await tick();
  for (int i = 0; i < 3; ++i)
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
}

task<> in_a_handler() {
  try {
    co_await tick();
  } catch (...) {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  }
}

task<> in_one_branch(bool slow) {
  if (slow)
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  else
    co_await sleep_for(1s);
}

task<> two_calls() { // two root causes
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  co_await tick();
  std::this_thread::sleep_for(2s); // finding: blocking-call-in-coroutine
}

eager_task<> eager() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  co_return;
}

detached_task detached() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  co_await tick();
}

async_generator<int> ticks() {
  co_await tick();
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  co_yield 1;
}

struct Session {
  std::future<int> reply_;
  task<> run() {
    use(reply_.get()); // finding: blocking-call-in-coroutine "Session::run"
    co_await tick();
  }
  static task<> start() {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
    co_await tick();
  }
};

// The fixed forms.
task<> awaits_the_timer() { co_await sleep_for(10ms); }
task<int> awaits_the_answer() { co_return co_await fetch(); }

// Who is no coroutine may block, as long as no coroutine calls it.
void synchronous() { std::this_thread::sleep_for(10ms); }
int also_synchronous(std::future<int> &f) { return f.get(); }
task<> forwards() { return pause_here(); } // creates one, is none

int main() {
  std::this_thread::sleep_for(10ms);
  synchronous();
}
