// ThreadSanitizer counts nothing, so a log without a report decides nothing.
// flags: -fsanitize=thread -O0
// evidence: thread-sanitizer
// verdict: blocking-call-in-coroutine inconclusive
// verdict: lock-across-await inconclusive
#include "own.h"
#include <cstdio>

static std::mutex mutex;

static own::task session(own::loop &loop) {
  usleep(2'000);
  std::lock_guard guard(mutex);
  co_await loop.sleep(1ms);
}

int main() {
  own::loop loop;
  loop.run(session(loop));
  std::fputs("done\n", stderr); // a log without a report, not an empty file
}
