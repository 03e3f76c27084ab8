// How each link of a chain reads: virtual calls, values, callbacks, awaiters, destructors, and hand-overs to a loop.
// RUN: %verify %s --config %S/Inputs/app.yaml -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <algorithm>
#include <app.h>
#include <thread>
#include <vector>
using namespace std::chrono_literals;

struct Sink {
  virtual ~Sink() = default;
  virtual void write() = 0;
};
struct File : Sink {
  void write() override { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine "calls 'File::write', through a virtual function"
};
task<> virtual_call(Sink &sink) {
  sink.write();
  co_await tick();
}
void by_value() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine "calls 'by_value', through a value"
task<> value(void (*f)()) {
  f = by_value;
  f();
  co_await tick();
}
void by_callback(int) { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine "calls 'std::for_each', which calls 'by_callback'"
task<> callback(std::vector<int> v) {
  std::for_each(v.begin(), v.end(), by_callback);
  co_await tick();
}
struct Guard {
  ~Guard() { release(); }
  void release() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine "destroys an object, which runs 'Guard::~Guard'" "calls 'Guard::release'"
};
task<> destructor() {
  Guard guard;
  co_await tick();
}
struct Base {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<>) {}
  void await_resume() { finish(); }
  void finish() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine "'Base::await_resume'" "runs when a coroutine awaits"
};
task<> awaiter() { co_await Base{}; }

void posted() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine certain "hands 'posted' to an event loop" "in 'posted', a callback of an event loop"
void posts(app::Loop &loop) { loop.post(posted); }
