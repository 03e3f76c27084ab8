// cppcoro: schedule_on runs a child elsewhere, resume_on goes on elsewhere.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include <cppcoro/cppcoro.hpp>
#include <thread>
using namespace std::chrono_literals;
using cppcoro::task;

task<> quick() { co_return; }
task<> child_on_the_pool() {
  std::this_thread::sleep_for(1s);
  co_return;
}
task<> child_on_the_loop() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine likely
  co_return;
}
task<> schedules_on(cppcoro::static_thread_pool &pool, cppcoro::io_service &loop) {
  co_await cppcoro::schedule_on(pool, child_on_the_pool());
  co_await cppcoro::schedule_on(loop, child_on_the_loop());
}
task<> resumes_on(cppcoro::static_thread_pool &pool, cppcoro::io_service &loop) {
  co_await cppcoro::resume_on(pool, quick());
  std::this_thread::sleep_for(1s);
  co_await cppcoro::resume_on(loop, quick());
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
}
task<> waits() {
  cppcoro::sync_wait(quick()); // finding: blocking-call-in-coroutine "Await the coroutine."
  co_return;
}
