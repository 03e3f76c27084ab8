// The message says what is lost: a lazy task never runs, an eager one runs unseen. One that is built to run by itself
// is no finding.
// RUN: %verify %s
#include "../Inputs/task.h"

task<> lazy() { co_return; }
task<int> lazy_value() { co_return 1; }
eager_task<> eager() { co_return; }
detached_task detached() { co_return; }
generator<int> numbers() { co_yield 1; }

void drop() {
  lazy();       // finding: discarded-awaitable certain "the task never runs" "Hand it to something that runs it; only a coroutine can await."
  lazy_value(); // finding: discarded-awaitable certain "the task never runs"
  eager();      // finding: discarded-awaitable certain "nobody waits for the task or sees its exception"
  detached();
  numbers();
}

task<> drop_in_coroutine() {
  lazy(); // finding: discarded-awaitable certain
  co_await lazy();
  detached();
}

// Detached, and awaitable all the same: who does not want to wait need not.
struct fire_and_forget {
  struct promise_type {
    fire_and_forget get_return_object();
    std::suspend_never initial_suspend() noexcept;
    std::suspend_never final_suspend() noexcept;
    void return_void();
    void unhandled_exception();
  };
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};
fire_and_forget run();
void start() {
  run();
  auto running = run();
}

// The promise's own awaiters count as std's do.
struct own_awaiter_task {
  struct later {
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<>) noexcept {}
    void await_resume() noexcept {}
  };
  struct promise_type {
    own_awaiter_task get_return_object();
    later initial_suspend() noexcept { return {}; }
    later final_suspend() noexcept { return {}; }
    void return_void();
    void unhandled_exception();
  };
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};
own_awaiter_task own();
void drop_own() {
  own(); // finding: discarded-awaitable certain "the task never runs"
}

// What an await gives may be a task itself.
task<task<int>> nested();
task<> awaits_once() {
  co_await nested(); // finding: discarded-awaitable likely "that this co_await gives is dropped here; the task never runs"
  auto inner = co_await nested(); // finding: discarded-awaitable likely "stored in 'inner'"
  co_await co_await nested();
  auto used = co_await nested();
  co_await std::move(used);
}
// The task that was waited for is done.
struct resolvable : task<int> {
  awaitable<resolvable> resolve();
  struct promise_type : task<int>::promise_type {
    resolvable get_return_object();
  };
};
task<> resolves(resolvable &t, resolvable u) {
  co_await t.resolve();
  co_await u.resolve();
}
// What ran from the start and was waited for may be dropped.
task<eager_task<>> finished();
task<> waits_only() {
  co_await finished();
}
