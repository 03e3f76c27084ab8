// Function objects, std::function, function pointers, std::bind, pointers to members.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <functional>
#include <thread>
using namespace std::chrono_literals;

struct Sleeper {
  void operator()() const { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
};
task<> function_object(Sleeper sleeper) {
  sleeper();
  Sleeper{}();
  co_await tick();
}

task<> local_std_function() {
  std::function<void()> f = [] { std::this_thread::sleep_for(1s); }; // finding: blocking-call-in-coroutine "through a value"
  f();
  co_await tick();
}

struct Handler {
  std::function<void()> on_event;
  void install() {
    on_event = [] { std::this_thread::sleep_for(1s); }; // finding: blocking-call-in-coroutine
  }
  task<> handle() {
    on_event();
    co_await tick();
  }
};

void call(const std::function<void()> &f) { f(); }
task<> parameter() {
  call([] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine
  co_await tick();
}

void slow() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
task<> function_pointer() {
  void (*f)() = slow;
  f();
  co_await tick();
}
struct Table {
  void (*entry)();
};
void slow_entry() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
Table table;
void fill() { table.entry = slow_entry; }
task<> pointer_in_a_table() {
  table.entry();
  co_await tick();
}
void slow_initial_entry() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
Table initialised{slow_initial_entry};
task<> pointer_in_an_initialised_table() {
  initialised.entry();
  co_await tick();
}
void apply(void (*f)()) { f(); }
void slow_argument() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
task<> pointer_as_argument() {
  apply(&slow_argument);
  co_await tick();
}

void slow_bound(int) { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
task<> bound() {
  auto f = std::bind(slow_bound, 1);
  f();
  co_await tick();
}

struct Machine {
  void step() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
};
task<> pointer_to_member(Machine machine) {
  auto step = &Machine::step;
  (machine.*step)();
  co_await tick();
}
struct Bound {
  void step() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
};
task<> bound_member(Bound object) {
  auto f = std::bind(&Bound::step, &object);
  f();
  std::invoke(&Bound::step, object);
  co_await tick();
}

// A value that is another one.
void quick() {}
void never_called() { std::this_thread::sleep_for(1s); }
task<> other_values() {
  void (*f)() = quick;
  f();
  auto unused = &never_called;
  (void)unused;
  std::function<void()> g = [] {};
  g();
  co_await tick();
}
