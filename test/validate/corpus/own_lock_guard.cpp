// A lock_guard lives across the await.
// builds: clang-O1 gcc-O0 gcc-O2
#include "own.h"

static std::mutex table_mutex;

static own::task update(own::loop &loop) {
  std::lock_guard guard(table_mutex);
  co_await loop.sleep(3ms); // verdict: lock-across-await confirmed "went back to its loop"
}

int main() {
  own::loop loop;
  loop.run(update(loop));
}
