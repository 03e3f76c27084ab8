// scoped_lock of two: one finding, and both locks are held at the wait.
#include "own.h"

static std::mutex from, to;

static own::task transfer(own::loop &loop) {
  std::scoped_lock both(from, to);
  co_await loop.sleep(3ms); // verdict: lock-across-await confirmed "2 times with the lock held"
}

int main() {
  own::loop loop;
  loop.run(transfer(loop));
}
