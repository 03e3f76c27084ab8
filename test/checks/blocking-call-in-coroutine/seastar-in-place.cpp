// Seastar: what runs its function before it returns is part of its caller: on the loop it may not wait, in a thread it may.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include <seastar/core/thread.hh>
#include <thread>
using namespace std::chrono_literals;

seastar::future<> in_a_thread(seastar::gate &gate) {
  co_await seastar::async([&gate] {
    seastar::futurize_invoke([] { seastar::sleep(1ms).get(); });
    seastar::do_with(1, [](int &) { seastar::sleep(1ms).get(); });
    seastar::with_gate(gate, [] { seastar::sleep(1ms).get(); });
    int all[] = {1, 2};
    seastar::parallel_for_each(all, [](int) { seastar::sleep(1ms).get(); });
  });
}

seastar::future<> in_a_coroutine(seastar::gate &gate) {
  co_await seastar::with_gate(gate, [] {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  });
}
seastar::future<> in_a_range() {
  int all[] = {1, 2};
  co_await seastar::parallel_for_each(all, [](int) {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  });
}
seastar::future<> in_an_object() {
  co_await seastar::do_with(1, [](int &) {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  });
}
seastar::future<> in_a_continuation(seastar::gate &gate) {
  return seastar::sleep(1ms).then([&gate] {
    seastar::futurize_invoke([] {
      std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
    });
  });
}
// Behind a semaphore it runs once it has its units: as a continuation, whoever asked.
seastar::future<> behind_a_semaphore(seastar::semaphore &semaphore) {
  co_await seastar::async([&semaphore] {
    seastar::with_semaphore(semaphore, 1, [] {
      std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
    });
  });
}
