// A project's own pool and loop, described in .tenterhook.yaml.
// RUN: %verify %s --config %S/Inputs/app.yaml -- -isystem %S/Inputs/include
// RUN: %tenterhook check --config %S/Inputs/none.yaml -q --format concise --min-confidence possible --fail-on never %s -- -std=c++20 -isystem %S/Inputs/include | FileCheck %s --check-prefix=WITHOUT
// Without the models, what is given to a function that is not seen counts as called there.
// WITHOUT: sleep_for
#include "../Inputs/task.h"
#include <app.h>
#include <thread>
using namespace std::chrono_literals;

void slow() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine "coroutine 'on_the_loop'"

task<> in_the_executor(app::Pool &pool) {
  co_await app::run_in_executor([] { slow(); });
  co_await app::run_in_executor(slow);
  pool.submit([] { std::this_thread::sleep_for(1s); });
  co_await pool.run([] {
    std::this_thread::sleep_for(1s);
    return 1;
  });
}

task<> on_the_loop(app::Loop &loop) {
  loop.post([] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine "a callback of an event loop"
  slow();
  co_await tick();
}

// Callbacks that code which is no coroutine gives to a loop or a pool.
void plain_code(app::Loop &loop, app::Pool &pool) {
  loop.post([] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine
  pool.submit([] { std::this_thread::sleep_for(1s); });
  slow();
}

// A coroutine that hops: on the pool it may block, back on the loop it may not.
task<> hops(app::Pool &pool, app::Loop &loop) {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  co_await pool.schedule();
  std::this_thread::sleep_for(1s);
  co_await tick();
  std::this_thread::sleep_for(2s);
  co_await loop.schedule();
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
}
task<> hops_on_one_path(app::Pool &pool, bool slow_path) {
  if (slow_path)
    co_await pool.schedule();
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
}
task<> hops_in_a_loop(app::Pool &pool, app::Loop &loop) {
  for (;;) {
    co_await pool.schedule();
    std::this_thread::sleep_for(1s);
    co_await loop.schedule();
  }
}

// Declared by a model to block, and not to.
task<> modelled(app::Client &client) {
  client.fetch();   // finding: blocking-call-in-coroutine "waits for the peer" "Await fetch_async."
  client.peek();
  client.read(0);
  client.read(100); // finding: blocking-call-in-coroutine
  co_await tick();
}
