// A template that nobody instantiates is no code; one that is, is found once however often.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <future>
#include <thread>

template <typename T> task<T> nobody(std::future<T> f) { co_return f.get(); }

template <typename T> task<T> three_times(std::future<T> f) {
  co_return f.get(); // finding: blocking-call-in-coroutine
}
template <typename T> struct Queue {
  std::future<T> next;
  task<T> pop() { co_return next.get(); } // finding: blocking-call-in-coroutine
  task<T> unused() { co_return next.get(); }
};
task<> instances(std::future<int> a, std::future<long> b, std::future<char> c, Queue<int> q, Queue<long> r) {
  co_await three_times(std::move(a));
  co_await three_times(std::move(b));
  co_await three_times(std::move(c));
  co_await q.pop();
  co_await r.pop();
}

template <typename Derived> struct Base { // CRTP
  task<> run() {
    static_cast<Derived *>(this)->step();
    co_await tick();
  }
};
struct Slow : Base<Slow> {
  void step() { std::this_thread::sleep_for(std::chrono::seconds(1)); } // finding: blocking-call-in-coroutine
};
struct Quick : Base<Quick> {
  void step() {}
};
task<> both(Slow slow, Quick quick) {
  co_await slow.run();
  co_await quick.run();
}
