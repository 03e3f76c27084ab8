// One finding: a lock held over an await.
#include "task.h"
#include <mutex>

std::mutex hang_mutex;
task tick();

task hang() {
  std::lock_guard lock(hang_mutex);
  co_await tick();
}
