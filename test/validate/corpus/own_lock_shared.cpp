// A shared lock is a lock.
// verdict: lock-across-await confirmed
#include "own.h"
#include <shared_mutex>

static std::shared_mutex config_mutex;

static own::task read_config(own::loop &loop) {
  std::shared_lock lock(config_mutex);
  co_await loop.sleep(3ms);
}

int main() {
  own::loop loop;
  loop.run(read_config(loop));
}
