// A worker's job runs a loop, and that one is held up. The jobs before and after it are jobs. The analyzer takes the worker
// for a loop, as it resumes coroutines, and says that the job's loop waits on it (own.h): no run says that of a worker.
// builds: clang-O2 gcc-O0
#include "own.h"

static own::task compress() {
  // verdict: blocking-call-in-coroutine inconclusive "the loop is not below it"
  usleep(100'000);
  co_return;
}

static own::task session(own::loop &loop, bool early) {
  for (int i = 0; i < 3; ++i) co_await loop.sleep(1ms);
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
  if (early)
    co_await compress();
}

int main() {
  own::task first = compress(), last = compress();
  own::worker worker;
  worker.post([&] { first.handle.resume(); });
  worker.post([] {
    own::loop loop;
    loop.run(session(loop, own::opaque(false)));
  });
  worker.post([&] { last.handle.resume(); });
  // verdict: blocking-call-in-coroutine contradicted "reached once: never slow"
  worker.post([] { if (usleep(10) != 0) std::abort(); });
}
