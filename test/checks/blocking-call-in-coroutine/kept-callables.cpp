// Callables that are kept and called later: setters, members, globals, containers.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <functional>
#include <memory>
#include <thread>
#include <vector>
using namespace std::chrono_literals;

class Button {
public:
  void on_press(std::function<void()> handler) { handler_ = std::move(handler); }
  task<> press() {
    handler_();
    co_await tick();
  }

private:
  std::function<void()> handler_;
};
void install(Button &button) {
  button.on_press([] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine
}

class Timer {
public:
  explicit Timer(std::function<void()> handler) : handler_(std::move(handler)) {}
  task<> run() {
    co_await tick();
    if (handler_)
      handler_();
  }

private:
  std::function<void()> handler_;
};
void slow() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
std::unique_ptr<Timer> make_timer() { return std::make_unique<Timer>(slow); }
Timer make_another() {
  return Timer([] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine
}

std::function<int()> g_source;
void set_source() {
  g_source = [] {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
    return 1;
  };
}
task<> reads_the_source() {
  use(g_source());
  co_await tick();
}

// Two handlers of one class, in two fields.
struct Two {
  std::function<void()> quick, slow;
  task<> run() {
    quick();
    co_await tick();
  }
};
void fill(Two &two) {
  two.quick = [] {};
  two.slow = [] { std::this_thread::sleep_for(1s); };
}

// What one caller passes is not what another passes.
void call(const std::function<void()> &f) { f(); }
task<> passes_a_quick_one() {
  call([] {});
  co_await tick();
}
void passes_a_slow_one() {
  call([] { std::this_thread::sleep_for(1s); });
}

// In a container.
struct Signal {
  std::vector<std::function<void()>> slots;
  void connect(std::function<void()> slot) { slots.push_back(std::move(slot)); }
  task<> emit() {
    for (auto &slot : slots)
      slot();
    co_await tick();
  }
};
void FN_connects(Signal &signal) {
  signal.connect([] { std::this_thread::sleep_for(1s); });
}

// A project's own pool: what it is given is not called by who gives it.
struct Pool {
  std::vector<std::function<void()>> queue;
  void submit(std::function<void()> work) { queue.push_back(std::move(work)); }
};
task<> submits(Pool &pool) {
  pool.submit([] { std::this_thread::sleep_for(1s); });
  co_await tick();
}
