// Stored, and awaited on some paths only.
// RUN: %verify %s
#include "../Inputs/task.h"

task<int> load();
awaitable<int> fetch_one(int);
bool stop();
struct trivial {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
};
trivial begin_one();

task<int> early_return() {
  auto value = load(); // finding: discarded-awaitable likely "stored in 'value' and not awaited on every path; there the task never runs" "'value' is gone, on some path, not awaited"
  if (stop())
    co_return 0;
  co_return co_await std::move(value);
}

task<> one_branch(int n) {
  auto value = fetch_one(n); // finding: discarded-awaitable likely
  if (n > 3)
    use(co_await value);
}

task<> in_switch(int n) {
  auto value = begin_one(); // finding: discarded-awaitable likely
  switch (n) {
  case 1: co_await value; break;
  case 2: break;
  default: co_await value;
  }
}

task<> switch_without_default(int n) {
  auto value = load(); // finding: discarded-awaitable likely
  switch (n) {
  case 1: co_await value; break;
  case 2: co_await value; break;
  }
}

task<> some_iterations(int n) {
  for (int i = 0; i < n; ++i) {
    auto value = load(); // finding: discarded-awaitable likely
    if (i % 2) continue;
    co_await value;
  }
}

task<> some_iterations_trivial(int n) {
  for (int i = 0; i < n; ++i) {
    auto value = begin_one(); // finding: discarded-awaitable likely
    if (i % 2) continue;
    co_await value;
  }
}

task<> loop_leaves(int n) {
  while (true) {
    auto value = load(); // finding: discarded-awaitable likely
    if (n-- == 0) break;
    co_await value;
  }
}

task<> zero_iterations(int n) {
  auto value = load(); // finding: discarded-awaitable possible "only awaited in a loop; where that does not run, the task never runs"
  while (n-- > 0) co_await value;
}

task<> zero_iterations_trivial() {
  auto value = begin_one(); // finding: discarded-awaitable possible
  for (int i = 0; i < 10; ++i) co_await value;
}

task<> zero_iterations_and_another_path(int n) {
  auto value = load(); // finding: discarded-awaitable likely
  if (n == 7) co_return;
  while (n-- > 0) co_await value;
}

task<> destroyed_reference(bool b) {
  auto &&value = load(); // finding: discarded-awaitable likely
  if (b) co_await value;
}

task<> short_circuit(bool b) {
  auto value = load(); // finding: discarded-awaitable likely
  if (b && co_await value > 0) use(1);
}

task<> goto_out(int n) {
  auto value = load(); // finding: discarded-awaitable likely
  if (n > 3) goto out;
  co_await value;
out:
  use(n);
}

void not_a_coroutine(bool b) {
  auto value = load(); // finding: discarded-awaitable likely
  if (b) sync_wait(std::move(value));
}

task<> lock_on_one_path(async_mutex &m, bool fast) {
  auto pending = m.scoped_lock(); // finding: discarded-awaitable likely "there the lock is not held"
  if (!fast) {
    auto guard = co_await pending;
    use(1);
  }
  use(2);
}

task<> inside_try(bool b) {
  try {
    auto value = load(); // finding: discarded-awaitable likely
    if (b) co_return;
    co_await value;
  } catch (int) {
    use(1);
  }
}

void inside_handler(bool b) {
  try {
    use(1);
  } catch (int) {
    auto value = load(); // finding: discarded-awaitable likely
    if (b) return;
    spawn(std::move(value));
  }
}

auto in_lambda = [](bool b) -> task<> {
  auto value = load(); // finding: discarded-awaitable likely
  if (b) co_await value;
};
