// Waiting for another thread: every form in the standard library.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <atomic>
#include <barrier>
#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <thread>
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

task<> futures(std::future<int> a, std::future<int> b, std::future<int> c, std::future<int> d, std::shared_future<int> e,
               std::shared_future<int> f) {
  use(a.get());                             // finding: blocking-call-in-coroutine "waits for a future"
  b.wait();                                 // finding: blocking-call-in-coroutine
  c.wait_for(1s);                           // finding: blocking-call-in-coroutine
  d.wait_until(clock_type::now() + 1s);     // finding: blocking-call-in-coroutine
  use(e.get());                             // finding: blocking-call-in-coroutine
  f.wait();                                 // finding: blocking-call-in-coroutine
  co_await tick();
}

task<> threads(std::thread a, std::jthread b) {
  a.join(); // finding: blocking-call-in-coroutine "waits for a thread to end"
  b.join(); // finding: blocking-call-in-coroutine
  co_await tick();
}

task<> latches(std::latch &a, std::latch &b, std::barrier<> &c, std::barrier<> &d) {
  a.wait();                // finding: blocking-call-in-coroutine "waits for a latch"
  b.arrive_and_wait();     // finding: blocking-call-in-coroutine
  c.arrive_and_wait();     // finding: blocking-call-in-coroutine "waits for a barrier"
  d.wait(d.arrive());      // finding: blocking-call-in-coroutine
  co_await tick();
}

task<> semaphores(std::binary_semaphore &a, std::counting_semaphore<4> &b, std::binary_semaphore &c) {
  a.acquire();                                // finding: blocking-call-in-coroutine "waits for a semaphore"
  use(b.try_acquire_for(1s));                 // finding: blocking-call-in-coroutine
  use(c.try_acquire_until(clock_type::now())); // finding: blocking-call-in-coroutine
  co_await tick();
}

std::mutex m;
bool ready;
task<> condition_variables(std::condition_variable &a, std::condition_variable &b, std::condition_variable &c,
                           std::condition_variable &d, std::condition_variable_any &e, std::condition_variable_any &f) {
  {
    std::unique_lock lock(m);
    a.wait(lock);                                            // finding: blocking-call-in-coroutine "waits for a condition variable"
    b.wait(lock, [] { return ready; });                      // finding: blocking-call-in-coroutine
    c.wait_for(lock, 1s);                                    // finding: blocking-call-in-coroutine
    d.wait_until(lock, clock_type::now(), [] { return ready; }); // finding: blocking-call-in-coroutine
    e.wait(lock);                                            // finding: blocking-call-in-coroutine
    f.wait_for(lock, 1s, [] { return ready; });              // finding: blocking-call-in-coroutine
  }
  co_await tick();
}

task<> atomics(std::atomic<int> &a, std::atomic_flag &b, std::atomic<bool> &c) {
  a.wait(0);                  // finding: blocking-call-in-coroutine "waits for another thread to change an atomic"
  b.wait(false);              // finding: blocking-call-in-coroutine
  std::atomic_wait(&c, true); // finding: blocking-call-in-coroutine
  co_await tick();
}

task<> tick_task();
task<> coroutines() {
  sync_wait(tick_task()); // finding: blocking-call-in-coroutine "is declared blocking"
  co_await tick();
}

// Asked without waiting.
task<> quiet(std::future<int> a, std::latch &b, std::binary_semaphore &c, std::atomic<int> &d, std::barrier<> &e,
             std::condition_variable &f, std::thread g, std::shared_future<int> h) {
  use(a.wait_for(0s) == std::future_status::ready);
  use(h.wait_for(std::chrono::milliseconds::zero()) == std::future_status::ready);
  use(a.valid());
  use(b.try_wait());
  b.count_down();
  use(c.try_acquire());
  use(c.try_acquire_for(0s));
  c.release();
  use(d.load());
  d.notify_one();
  (void)e.arrive();
  e.arrive_and_drop();
  f.notify_all();
  g.detach();
  co_await tick();
}
task<> latch_asked_before(std::latch &latch) {
  while (!latch.try_wait())
    co_await tick();
  latch.wait();
}
task<> latch_asked_in_vain(std::latch &latch) {
  if (!latch.try_wait())
    latch.wait(); // finding: blocking-call-in-coroutine likely
  co_await tick();
}
task<> another_latch_asked(std::latch &latch, std::latch &other) {
  while (!other.try_wait())
    co_await tick();
  latch.wait(); // finding: blocking-call-in-coroutine likely
}
