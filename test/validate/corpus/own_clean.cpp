// Nothing is wrong, nothing is found, nothing is seen.
// verdict: none
#include "own.h"

static std::mutex mutex;

static own::task session(own::loop &loop) {
  for (int i = 0; i < 3; ++i) {
    { std::lock_guard guard(mutex); }
    co_await loop.sleep(1ms);
  }
}

int main() {
  own::loop loop;
  loop.run(session(loop));
}
