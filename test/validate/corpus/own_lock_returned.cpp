// The guard comes from a function.
#include "own.h"

static std::mutex mutex;

static std::unique_lock<std::mutex> hold() { return std::unique_lock<std::mutex>(mutex); }

static own::task update(own::loop &loop) {
  auto lock = hold();
  co_await loop.sleep(3ms); // verdict: lock-across-await confirmed "went back to its loop"
}

int main() {
  own::loop loop;
  loop.run(update(loop));
}
