// A shared lock is a lock.
#include "own.h"
#include <shared_mutex>

static std::shared_mutex config_mutex;

static own::task read_config(own::loop &loop) {
  std::shared_lock lock(config_mutex);
  co_await loop.sleep(3ms); // verdict: lock-across-await confirmed "went back to its loop"
}

int main() {
  own::loop loop;
  loop.run(read_config(loop));
}
