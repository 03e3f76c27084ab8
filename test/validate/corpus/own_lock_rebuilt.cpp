// As own_block_rebuilt: the lock is held at the wait, at places that may be others.
// builds: clang-O1 clang-O1-rebuilt
// damage: other-build
#include "own.h"

#ifdef CORPUS_REBUILT
static const volatile int version = 2;
#else
static const volatile int version = 1;
#endif

static std::mutex table;

static own::task session(own::loop &loop) {
  std::lock_guard guard(table);
  co_await loop.sleep(std::chrono::milliseconds(version)); // verdict: lock-across-await inconclusive "of another build"
}

int main() {
  own::loop loop;
  loop.run(session(loop));
}
