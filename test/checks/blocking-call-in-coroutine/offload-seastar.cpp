// Seastar: a seastar::thread may wait for futures, a continuation or coroutine may not.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include <seastar/core/thread.hh>
#include <thread>
using namespace std::chrono_literals;

seastar::future<> in_a_thread() {
  co_await seastar::async([] {
    seastar::sleep(1ms).get();
    std::this_thread::sleep_for(1s); // stops the core all the same, but a thread of its own is what the model says
  });
  seastar::thread worker([] { seastar::sleep(1ms).get(); });
  co_await worker.join();
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
