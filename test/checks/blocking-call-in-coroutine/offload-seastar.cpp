// Seastar: a fiber (seastar::async, seastar::thread) may wait for Seastar's futures; what else blocks stops the whole core. A
// continuation, a coroutine, or what is sent to another core may wait for nothing.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include <future>
#include <seastar/core/thread.hh>
#include <thread>
using namespace std::chrono_literals;

void waits() { seastar::sleep(1ms).get(); } // finding: blocking-call-in-coroutine likely "coroutine 'calls_it'"
void waits_in_fibers_only() { seastar::sleep(1ms).get(); }
void sleeps() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine "lambda in in_a_thread"
seastar::future<> child() {
  seastar::sleep(1ms).get(); // finding: blocking-call-in-coroutine
  co_await seastar::sleep(1ms);
}

seastar::future<> in_a_thread(std::future<int> other) {
  co_await seastar::async([&other] {
    seastar::sleep(1ms).get();
    waits();
    waits_in_fibers_only();
    child().get();
    auto again = [] { seastar::sleep(1ms).get(); };
    again();
    sleeps();
    other.get();                         // finding: blocking-call-in-coroutine
    std::this_thread::sleep_for(1s);     // finding: blocking-call-in-coroutine "a callback of an event loop"
  });
  seastar::thread worker([] { seastar::sleep(1ms).get(); });
  co_await worker.join();
}
struct Service {
  seastar::future<> ready_;
  void stop() { ready_.get(); }
  seastar::future<> run() {
    return seastar::async([this] { stop(); });
  }
};

seastar::future<> calls_it() {
  waits();
  co_await seastar::sleep(1ms);
}
seastar::future<> in_a_coroutine() {
  seastar::sleep(1ms).get(); // finding: blocking-call-in-coroutine "Await the future."
  co_await seastar::sleep(1ms);
}
seastar::future<> in_a_continuation() {
  return seastar::sleep(1ms).then([] {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine "a callback of an event loop"
  });
}
seastar::future<> on_another_core() {
  return seastar::smp::submit_to(1, [] {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine "a callback of an event loop"
    seastar::sleep(1ms).get();       // finding: blocking-call-in-coroutine
  });
}
void from_another_thread(seastar::alien::instance &i) {
  std::this_thread::sleep_for(1s);
  seastar::alien::run_on(i, 0, [] {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine "a callback of an event loop"
  });
}
