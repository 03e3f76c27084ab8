// RUN: %verify %s
// Where a guard lives: init statements, blocks, loops, and the ways out of them.
#include "../Inputs/task.h"
#include <mutex>

std::mutex g_mutex;
bool ready();
int state();

task<> if_init() {
  if (std::lock_guard lock{g_mutex}; ready())
    co_await tick(); // finding: lock-across-await certain "'g_mutex'"
  co_await tick();
}
task<> if_init_else() {
  if (std::lock_guard lock{g_mutex}; ready())
    use(1);
  else
    co_await tick(); // finding: lock-across-await certain
}
task<> if_init_fixed() {
  bool is_ready = false;
  if (std::lock_guard lock{g_mutex}; ready())
    is_ready = true;
  if (is_ready)
    co_await tick();
}
task<> if_condition_awaits() {
  if (std::lock_guard lock{g_mutex}; co_await fetch() > 1) // finding: lock-across-await certain
    use(1);
}
task<> switch_init() {
  switch (std::lock_guard lock{g_mutex}; state()) {
  case 1:
    co_await tick(); // finding: lock-across-await certain
    break;
  default:
    break;
  }
  co_await tick();
}
task<> switch_init_fixed() {
  int now = 0;
  switch (std::lock_guard lock{g_mutex}; state()) {
  case 1:
    now = 1;
  }
  if (now)
    co_await tick();
}
task<> if_declaration() {
  if (auto lock = std::unique_lock(g_mutex))
    co_await tick(); // finding: lock-across-await certain
}
task<> for_init() {
  for (std::lock_guard lock{g_mutex}; ready();)
    co_await tick(); // finding: lock-across-await certain
}
task<> while_body() {
  while (ready()) {
    std::lock_guard lock(g_mutex);
    use(1);
    co_await tick(); // finding: lock-across-await certain
  }
}
task<> while_body_fixed() {
  while (ready()) {
    {
      std::lock_guard lock(g_mutex);
      use(1);
    }
    co_await tick();
  }
}
task<> left_by_break() {
  for (;;) {
    std::lock_guard lock(g_mutex);
    if (ready())
      break;
  }
  co_await tick();
}
task<> left_by_continue() {
  while (!ready()) {
    co_await tick();
    std::lock_guard lock(g_mutex);
    if (state() == 1)
      continue;
    use(2);
  }
}
task<> left_by_goto() {
again: {
  std::lock_guard lock(g_mutex);
  if (!ready())
    goto wait;
}
  co_return;
wait:
  co_await tick();
  goto again;
}
task<> left_by_exception() {
  try {
    std::lock_guard lock(g_mutex);
    if (ready())
      throw 1;
  } catch (int) {
  }
  co_await tick();
}
task<> in_try() {
  try {
    std::lock_guard lock(g_mutex);
    co_await tick(); // finding: lock-across-await certain
  } catch (...) {
  }
}
task<> before_try() {
  std::lock_guard lock(g_mutex);
  try {
    use(1);
    co_await tick(); // finding: lock-across-await certain
  } catch (...) {
  }
}
task<> relocked_each_time() {
  std::unique_lock lock(g_mutex);
  while (!ready()) {
    lock.unlock();
    co_await tick();
    lock.lock();
  }
}
task<> forgotten_after_the_loop() {
  std::unique_lock lock(g_mutex);
  while (!ready()) {
    lock.unlock();
    co_await tick();
    lock.lock();
  }
  co_await tick(); // finding: lock-across-await certain
}
task<> two_scopes() {
  {
    std::lock_guard lock(g_mutex);
    use(1);
  }
  co_await tick();
  {
    std::lock_guard lock(g_mutex);
    use(2);
  }
}
task<> one_finding_for_one_lock() {
  std::lock_guard lock(g_mutex);
  co_await tick(); // finding: lock-across-await certain "also suspends here"
  co_await tick();
  co_await tick();
}
task<> two_locks_two_findings() {
  {
    std::lock_guard lock(g_mutex);
    co_await tick(); // finding: lock-across-await certain
  }
  std::lock_guard lock(g_mutex);
  co_await tick(); // finding: lock-across-await certain
}
task<> locked_in_one_round() { // the condition is asked anew in each round
  while (ready()) {
    if (state() == 2)
      g_mutex.lock();
  }
  co_await tick(); // finding: lock-across-await likely
  g_mutex.unlock();
}
task<> queue_loop() {
  std::unique_lock lock(g_mutex, std::defer_lock);
  for (;;) {
    lock.lock();
    if (ready())
      break;
    lock.unlock();
    co_await tick();
  }
  use(state());
  lock.unlock();
  co_await tick();
}

// Casting a guard to void says that nobody means to use it, not that it lets go.
task<> named_for_nothing() {
  std::lock_guard lock(g_mutex);
  (void)lock;
  co_await tick(); // finding: lock-across-await certain
}
