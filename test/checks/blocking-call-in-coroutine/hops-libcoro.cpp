// libcoro: `co_await pool.schedule()` moves a coroutine to the pool, `co_await scheduler.schedule()` back to the loop.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include <coro/coro.hpp>
#include <thread>
using namespace std::chrono_literals;

coro::task<> to_the_pool(coro::thread_pool &pool) {
  co_await pool.schedule();
  std::this_thread::sleep_for(1s);
}
coro::task<> to_the_pool_and_back(coro::thread_pool &pool, coro::scheduler &loop) {
  co_await pool.schedule();
  std::this_thread::sleep_for(1s);
  co_await loop.schedule();
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine certain
  co_await loop.yield_for(1ms);
  co_await pool.yield();
  std::this_thread::sleep_for(1s);
}
struct Server {
  std::unique_ptr<coro::thread_pool> pool_ = coro::thread_pool::make_unique();
  coro::task<> serve() {
    co_await pool_->schedule();
    std::this_thread::sleep_for(1s);
  }
};
coro::task<> spawned_on_the_pool() {
  std::this_thread::sleep_for(1s);
  co_return;
}
coro::task<> scheduled_on_the_pool() {
  std::this_thread::sleep_for(1s);
  co_return;
}
coro::task<> spawned_on_the_loop() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine certain
  co_return;
}
coro::task<> parent(coro::thread_pool &pool) { co_await pool.schedule(scheduled_on_the_pool()); }

int main() {
  coro::thread_pool pool;
  coro::scheduler loop;
  pool.spawn_detached(spawned_on_the_pool());
  loop.spawn_detached(spawned_on_the_loop());
  coro::sync_wait(to_the_pool_and_back(pool, loop));
  coro::sync_wait(parent(pool));
}
