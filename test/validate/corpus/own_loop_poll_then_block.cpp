// One function polls first and blocks afterwards: a job of a worker does so, and a thread of its own. Neither comes back
// to the poll before somebody calls it again. (The analyzer takes the worker for a loop: its jobs resume coroutines.)
// builds: clang-O0 gcc-O2
#include "own.h"
#include <poll.h>

static own::task compress() {
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "the loop is not below it"
  co_return;
}

static own::task pack() {
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "the loop is not below it"
  co_return;
}

static own::task session(own::loop &loop, bool here) {
  co_await loop.sleep(1ms);
  if (here) {
    co_await compress();
    co_await pack();
  }
}

[[gnu::noinline]] static void job(int descriptor, own::task &work) {
  for (int tries = 0; tries < 5; ++tries) {
    pollfd wanted{descriptor, POLLIN, 0};
    // verdict: blocking-call-in-coroutine inconclusive "does not say whether the callback called"
    if (poll(&wanted, 1, 1) != 0)
      return;
  }
  work.handle.resume();
}

int main() {
  own::silent_pipe pipe;
  own::task first = compress(), second = pack();
  {
    own::worker worker;
    worker.post([&] { job(pipe.ends[0], first); });
    std::jthread alone([&] { job(pipe.ends[0], second); });
  }
  own::loop loop;
  loop.run(session(loop, own::opaque(false)));
}
