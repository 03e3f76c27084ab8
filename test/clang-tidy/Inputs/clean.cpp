// Nothing to report: the lock is free before the await, and the await happens.
#include "task.h"

static std::mutex account;

task locked() {
  { std::lock_guard guard(account); }
  co_await tick();
}
