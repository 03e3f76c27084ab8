// folly: via, co_withExecutor, scheduleOn, executors' add, EventBase, blocking futures.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include <folly/experimental/coro.h>
#include <thread>
using folly::coro::Task;
using namespace std::chrono_literals;

void slow() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine "coroutine 'on_the_loop'"

Task<void> child_on_the_pool() {
  slow();
  co_await folly::coro::sleep(1ms);
}
Task<void> scheduled_on_the_pool() {
  slow();
  co_return;
}
Task<void> child_on_the_loop() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine certain
  co_return;
}

Task<void> offloads() {
  (void)folly::via(folly::getGlobalCPUExecutor(), [] { slow(); });
  co_await folly::via(folly::getGlobalCPUExecutor(), [] {
    std::this_thread::sleep_for(1s);
    return 1;
  });
  folly::getGlobalCPUExecutor()->add([] { slow(); });
  co_await folly::coro::co_withExecutor(folly::getGlobalCPUExecutor(), child_on_the_pool());
  co_await scheduled_on_the_pool().scheduleOn(folly::getGlobalCPUExecutor());
  folly::coro::co_withExecutor(folly::getEventBase(), child_on_the_loop()).start();
}

Task<void> on_the_loop(folly::Future<int> future, folly::EventBase &base) {
  slow();
  base.runInEventBaseThread([] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine
  base.runInEventBaseThreadAndWait([] {}); // finding: blocking-call-in-coroutine "waits for an event loop"
  (void)future.get();                      // finding: blocking-call-in-coroutine "Await the future."
  co_return;
}
Task<void> waits_for_a_child() {
  folly::coro::blockingWait(folly::coro::sleep(1ms)); // finding: blocking-call-in-coroutine "Await the coroutine."
  co_return;
}

// Silent: awaited, or known to be ready.
Task<void> awaits(folly::Future<int> future, folly::Future<int> other) {
  if (other.isReady())
    (void)other.get();
  (void)co_await std::move(future);
}
int main() { folly::coro::blockingWait(offloads()); }
