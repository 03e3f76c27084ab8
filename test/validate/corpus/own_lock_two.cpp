// scoped_lock of two: std::lock is not inlined, so the place of the lock is one of the C++ library's headers. The right verdict
// would be confirmed.
#include "own.h"

static std::mutex from, to;

static own::task transfer(own::loop &loop) {
  std::scoped_lock both(from, to);
  co_await loop.sleep(3ms); // verdict: lock-across-await inconclusive "nothing here sees locks"
}

int main() {
  own::loop loop;
  loop.run(transfer(loop));
}
