// scoped_lock of two.
// verdict: lock-across-await confirmed
#include "own.h"

static std::mutex from, to;

static own::task transfer(own::loop &loop) {
  std::scoped_lock both(from, to);
  co_await loop.sleep(3ms);
}

int main() {
  own::loop loop;
  loop.run(transfer(loop));
}
