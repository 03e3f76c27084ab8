// ThreadSanitizer counts nothing, so a log without a report decides nothing.
// builds: clang-tsan
// evidence: thread-sanitizer
#include "own.h"
#include <cstdio>

static std::mutex mutex;

static own::task session(own::loop &loop) {
  usleep(2'000); // verdict: blocking-call-in-coroutine inconclusive "nothing here counts"
  std::lock_guard guard(mutex);
  co_await loop.sleep(1ms); // verdict: lock-across-await inconclusive "nothing here sees locks"
}

int main() {
  own::loop loop;
  loop.run(session(loop));
  std::fputs("done\n", stderr); // a log of the program's own
}
