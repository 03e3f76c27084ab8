// A job polls a pipe until its time is over; the next one resumes a coroutine that blocks. The worker is no loop, though the
// analyzer takes it for one, as its jobs resume coroutines. The loop that runs meanwhile is one.
// builds: clang-O0 clang-O2 gcc-O0 gcc-O2
#include "own.h"
#include <poll.h>

[[gnu::noinline]] static void wait_for_answer(int descriptor) {
  volatile int least = 4; // not unrolled, whatever time they take
  auto deadline = std::chrono::steady_clock::now() + 8ms;
  for (int asked = 0; asked < least || std::chrono::steady_clock::now() < deadline; ++asked) {
    pollfd wanted{descriptor, POLLIN, 0};
    // verdict: blocking-call-in-coroutine inconclusive "does not say whether the callback called"
    if (poll(&wanted, 1, 1) > 0)
      return;
  }
}

static own::task compress() {
  // verdict: blocking-call-in-coroutine inconclusive "the loop is not below it"
  usleep(100'000);
  co_return;
}

static own::task session(own::loop &loop, bool small) {
  co_await loop.sleep(1ms);
  if (small)
    co_await compress();
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
}

int main() {
  own::silent_pipe pipe;
  own::task large = compress();
  own::loop loop;
  {
    own::worker worker;
    for (int i = 0; i < 3; ++i) worker.post([&] { wait_for_answer(pipe.ends[0]); });
    worker.post([&] { large.handle.resume(); });
    loop.run(session(loop, own::opaque(false)));
  }
}
