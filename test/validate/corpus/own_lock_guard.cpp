// A lock_guard lives across the await.
// verdict: lock-across-await confirmed
#include "own.h"

static std::mutex table_mutex;

static own::task update(own::loop &loop) {
  std::lock_guard guard(table_mutex);
  co_await loop.sleep(3ms);
}

int main() {
  own::loop loop;
  loop.run(update(loop));
}
