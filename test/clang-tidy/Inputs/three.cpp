// One finding of each check.
#include "task.h"
#include <chrono>
#include <thread>

std::mutex account;

void nap() { std::this_thread::sleep_for(std::chrono::seconds(1)); }

task locked() {
  std::lock_guard guard(account);
  co_await tick();
}

task blocked() {
  nap();
  co_return;
}

task dropped() {
  tick();
  co_return;
}

void start(tenterhook::event_loop &loop) { loop.spawn(blocked()); }
