// A coroutine runs where it is spawned: on a pool alone it may block.
// RUN: %verify %s --config %S/Inputs/app.yaml -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <app.h>
#include <thread>
using namespace std::chrono_literals;

void slow() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine "coroutine 'on_a_loop'"

task<> on_a_pool() {
  slow();
  co_await tick();
  slow();
}
task<> on_a_loop() {
  slow();
  co_await tick();
}
task<> on_both() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine certain "hands coroutine 'on_both' to an event loop"
  co_await tick();
}
task<> of_unknown_executor() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine likely
  co_await tick();
}

// Children run where their parents run.
task<> child_on_a_pool() {
  std::this_thread::sleep_for(1s);
  co_await tick();
}
task<> parent_on_a_pool() { co_await child_on_a_pool(); }
task<> child_of_both() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine certain "awaits coroutine 'child_of_both', on an event loop"
  co_await tick();
}
task<> parent_on_a_loop() { co_await child_of_both(); }
task<> another_parent_on_a_pool() { co_await child_of_both(); }

// A child that is awaited while its parent is on the pool.
task<> awaited_on_the_pool() {
  std::this_thread::sleep_for(1s);
  co_await tick();
}
task<> hops(app::Pool &pool) {
  co_await pool.schedule();
  co_await awaited_on_the_pool();
}

// Through a variable, a wrapper, a combinator.
task<> in_a_variable() {
  std::this_thread::sleep_for(1s);
  co_await tick();
}
task<> wrapped() {
  std::this_thread::sleep_for(1s);
  co_await tick();
}
task<> wrapper() { return wrapped(); }
task<> combined() {
  std::this_thread::sleep_for(1s);
  co_await tick();
}
task<> combines() { co_await when_all(combined(), combined()); }

// Called from an awaiter of a pool's coroutine.
struct Awaiter {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<>) { std::this_thread::sleep_for(1s); }
  void await_resume() {}
};
task<> awaits_on_a_pool() { co_await Awaiter{}; }

int main() {
  app::Pool pool;
  app::Loop loop;
  app::spawn_on(pool, on_a_pool());
  app::spawn_on(loop, on_a_loop());
  app::spawn_on(pool, on_both());
  app::spawn_on(loop, on_both());
  app::spawn_on(pool, parent_on_a_pool());
  app::spawn_on(loop, parent_on_a_loop());
  app::spawn_on(pool, another_parent_on_a_pool());
  app::spawn_on(loop, hops(pool));
  auto kept = in_a_variable();
  app::spawn_on(pool, std::move(kept));
  app::spawn_on(pool, wrapper());
  app::spawn_on(pool, combines());
  app::spawn_on(pool, awaits_on_a_pool());
}
