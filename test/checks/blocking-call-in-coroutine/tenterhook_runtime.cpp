// Tenterhook's own runtime, with its real headers as user code: what blocks, what runs on its pools and loops, its locks.
// RUN: %verify %s -- -I %source/runtime -I %source/runtime/include
#include <tenterhook/as_completed.h>
#include <tenterhook/async_mutex.h>
#include <tenterhook/blocking_queue.h>
#include <tenterhook/condition_variable.h>
#include <tenterhook/event_loop.h>
#include <tenterhook/mutex.h>
#include <tenterhook/run_in_executor.h>
#include <tenterhook/shared_mutex.h>
#include <tenterhook/sleep.h>
#include <tenterhook/thread_pool.h>
#include <tenterhook/when_all.h>
using namespace tenterhook;
using namespace std::chrono_literals;

void slow() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine "coroutine 'sleeps'"

task<void> sleeps() {
  slow();
  co_await sleep_for(1s);
}

task<int> waits_for_a_future(future<int> result) {
  co_return result.get(); // finding: blocking-call-in-coroutine "waits for a future" "Await the future."
}
task<void> waits_for_time(future<int> result) {
  (void)result.wait_for(1s); // finding: blocking-call-in-coroutine
  co_return;
}
task<void> waits_for_room(blocking_queue<int> &jobs) {
  jobs.put(1); // finding: blocking-call-in-coroutine "waits for a queue"
  co_return;
}
task<void> waits_for_a_value(blocking_queue<int> &jobs) {
  while (jobs.get()) { // finding: blocking-call-in-coroutine "Use an async_queue."
  }
  co_return;
}
task<void> waits_a_second(blocking_queue<int> &jobs) {
  (void)jobs.get_for(1s); // finding: blocking-call-in-coroutine
  co_return;
}
task<void> waits_for_all(blocking_queue<int> &jobs) {
  jobs.join(); // finding: blocking-call-in-coroutine
  co_return;
}
task<void> maps(thread_pool &pool, std::vector<int> numbers) {
  pool.map(numbers, [](int n) { return n; }); // finding: blocking-call-in-coroutine "waits for a pool's results"
  co_return;
}
task<void> waits_for_idle(thread_pool &pool) {
  pool.wait_idle(); // finding: blocking-call-in-coroutine "waits for a pool's threads"
  co_return;
}
task<void> waits_for_the_next(std::vector<future<int>> several) {
  auto results = as_completed(std::move(several));
  (void)results.next(); // finding: blocking-call-in-coroutine "Await next_async()."
  co_return;
}
task<void> waits_for_a_condition(mutex &m, condition_variable &changed, bool &ready) {
  std::unique_lock lock(m);
  changed.wait(lock, [&] { return ready; }); // finding: blocking-call-in-coroutine
  co_return;
}

task<int> awaits(future<int> result, blocking_queue<int> &jobs, thread_pool &pool, std::vector<future<int>> several) {
  int sum = co_await std::move(result);
  (void)jobs.try_get();
  (void)jobs.try_put(1);
  (void)jobs.get_for(0s);
  sum += co_await run_in_executor(pool, [] {
    slow();
    return 1;
  });
  sum += co_await pool.submit([] {
    slow();
    return 1;
  });
  pool.post([] { slow(); });
  auto results = as_completed(std::move(several));
  while (auto next = co_await results.next_async())
    sum += next->index;
  co_await yield();
  co_return sum;
}

task<void> locks(mutex &m, shared_mutex &s, async_mutex &a) {
  {
    std::lock_guard guard(m);
    co_await sleep_for(1s); // finding: lock-across-await
  }
  {
    std::unique_lock guard(m);
    guard.unlock();
    co_await sleep_for(1s);
  }
  {
    std::shared_lock guard(s);
    co_await sleep_for(1s); // finding: lock-across-await
  }
  auto held = co_await a.lock();
  co_await sleep_for(1s);
}

task<int> drops(thread_pool &pool) {
  sleep_for(1s); // finding: discarded-awaitable
  sleeps();      // finding: discarded-awaitable
  co_return 1;
}

// What the loop is given. Its headers are analyzed here, so its type-erased work is seen to call the lambdas; they are
// the loop's callbacks all the same.
void callbacks(event_loop &loop, thread_pool &pool) {
  loop.call_soon([] { std::this_thread::sleep_for(1s); });           // finding: blocking-call-in-coroutine certain "a callback of an event loop"
  (void)loop.call_later(1s, [] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine certain
  (void)loop.call_at(event_loop::clock::now(), [] {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine certain
  });
  (void)pool.submit([] { std::this_thread::sleep_for(1s); });
}

// Tasks that await nothing, on loops and pools.
task<void> is_spawned() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine certain
  co_return;
}
task<void> is_spawned_by_name() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine certain
  co_return;
}
task<void> is_spawned_on_a_pool() {
  std::this_thread::sleep_for(1s);
  co_return;
}
task<void> is_run_to_its_end() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine certain "hands coroutine 'is_run_to_its_end' to an event loop"
  co_return;
}
task<void> spawns_a_sibling() {
  spawn(is_spawned()).detach();
  co_return;
}

int main() {
  event_loop loop;
  thread_pool pool;
  callbacks(loop, pool);
  spawn(is_spawned_by_name(), loop).detach();
  spawn(is_spawned_on_a_pool(), pool).detach();
  loop.spawn(spawns_a_sibling()).detach();
  loop.run_until_complete(sleeps());
  loop.run_until_complete(is_run_to_its_end());
}
