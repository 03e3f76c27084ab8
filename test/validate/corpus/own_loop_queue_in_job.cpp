// Jobs wait for one descriptor with an epoll queue that they make and close: once each. The same job blocks then, and
// so does another one. (The analyzer takes the worker for a loop: its jobs resume coroutines.)
// builds: clang-O0 clang-O2 gcc-O2
#include "own.h"

[[gnu::noinline]] static void wait_readable(int descriptor) {
  int queue = epoll_create1(0);
  epoll_event event{EPOLLIN, {}};
  epoll_ctl(queue, EPOLL_CTL_ADD, descriptor, &event);
  // verdict: blocking-call-in-coroutine inconclusive "does not say whether the callback called"
  epoll_wait(queue, &event, 1, 2);
  close(queue);
}

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

int main() {
  own::silent_pipe pipe;
  own::task first = compress(), second = pack();
  {
    own::worker worker;
    for (int i = 0; i < 3; ++i) worker.post([&] { wait_readable(pipe.ends[0]); });
    worker.post([&] {
      wait_readable(pipe.ends[0]);
      first.handle.resume();
    });
    worker.post([&] { second.handle.resume(); });
  }
  own::loop loop;
  loop.run(session(loop, own::opaque(false)));
}
