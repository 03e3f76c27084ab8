// RUN: %verify %s
// Lambda coroutines: what they hold themselves counts, what the function around them holds does not.
#include "../Inputs/task.h"
#include <functional>
#include <mutex>
#include <utility>

std::mutex g_mutex;
void post(std::function<void()> work);

task<> holds_itself() {
  auto run = [&]() -> task<> {
    std::lock_guard lock(g_mutex);
    co_await tick(); // finding: lock-across-await certain "'g_mutex'"
  };
  co_await run();
}
task<> holds_itself_fixed() {
  auto run = [&]() -> task<> {
    { std::lock_guard lock(g_mutex); }
    co_await tick();
  };
  co_await run();
}
void written_while_locked() {
  std::lock_guard lock(g_mutex);
  auto run = []() -> task<> { co_await tick(); };
  spawn(run());
}
task<> written_while_locked_in_coroutine() {
  {
    std::lock_guard lock(g_mutex);
    spawn([]() -> task<> { co_await tick(); }());
  }
  co_await tick();
}
task<> stored_while_locked() {
  std::function<task<>()> later;
  {
    std::lock_guard lock(g_mutex);
    later = []() -> task<> { co_await tick(); };
  }
  co_await later();
}
task<> created_while_locked_awaited_later() {
  std::unique_lock lock(g_mutex);
  auto pending = []() -> task<> { co_await tick(); }();
  lock.unlock();
  co_await pending;
}
task<> awaited_while_locked() {
  std::lock_guard lock(g_mutex);
  co_await [&]() -> task<> { // finding: lock-across-await certain "'g_mutex'"
    co_await tick();
  }();
}
task<> captured_mutex(std::mutex &mine) {
  auto run = [&mine]() -> task<> {
    std::lock_guard lock(mine);
    co_await tick(); // finding: lock-across-await certain "'mine'"
  };
  co_await run();
}
struct session {
  std::mutex mutex_;
  task<> run() {
    auto part = [this]() -> task<> {
      std::lock_guard lock(mutex_);
      co_await tick(); // finding: lock-across-await certain "'mutex_'"
    };
    co_await part();
  }
};
task<> captured_guard() {
  std::unique_lock lock(g_mutex);
  auto run = [lock = std::move(lock)]() mutable -> task<> {
    co_await tick(); // finding: lock-across-await likely "receives the guard"
  };
  spawn(run());
}
task<> captured_guard_unlocked() {
  std::unique_lock lock(g_mutex);
  auto run = [lock = std::move(lock)]() mutable -> task<> {
    lock.unlock();
    co_await tick();
  };
  spawn(run());
}
task<> plain_lambda_locks() {
  auto count = [] {
    std::lock_guard lock(g_mutex);
    return 1;
  };
  use(count());
  co_await tick();
}
task<> plain_lambda_takes() {
  auto take = [] { g_mutex.lock(); };
  take();
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
  g_mutex.unlock();
}
task<> plain_lambda_unlocks_by_reference() {
  std::unique_lock lock(g_mutex);
  auto give = [&] { lock.unlock(); };
  give();
  co_await tick();
}
task<> posted_takes() {
  post([] { g_mutex.lock(); });
  co_await tick();
}
template <class F> auto with_lock(std::mutex &m, F f) {
  std::lock_guard lock(m);
  return f();
}
task<> with_lock_value() {
  int n = with_lock(g_mutex, [] { return 1; });
  co_await save(n);
}
task<> with_lock_task() { // the task is made under the lock and runs without it
  co_await with_lock(g_mutex, []() -> task<> { co_await tick(); });
}
task<> generic_lambda() {
  auto run = [](auto &m) -> task<> {
    std::lock_guard lock(m);
    co_await tick(); // finding: lock-across-await certain "'m'"
  };
  co_await run(g_mutex);
}
