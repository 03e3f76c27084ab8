// select() without descriptors is a sleep, however often it is called. With descriptors, turn after turn, it is a loop.
// builds: clang-O2 gcc-O0
#include "own.h"
#include <sys/select.h>

static void rest(int milliseconds) {
  timeval time{0, milliseconds * 1000};
  select(0, nullptr, nullptr, nullptr, &time);
}

static own::task compress() {
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "not known to run a loop"
  co_return;
}

static own::task serve(own::loop &loop) {
  usleep(100'000); // verdict: blocking-call-in-coroutine confirmed "blocked the loop"
  co_await loop.turn();
  co_await compress();
}

int main() {
  own::task large = compress();
  std::thread sleeper([&] {
    for (int i = 0; i < 6; ++i) {
      rest(1);
      if (i == 4)
        large.handle.resume();
    }
  });
  sleeper.join();
  own::loop loop;
  own::task served = serve(loop);
  own::silent_pipe pipe;
  volatile int turns = 6;
  for (int turn = 0; turn < turns; ++turn) {
    fd_set wanted;
    FD_ZERO(&wanted);
    FD_SET(pipe.ends[0], &wanted);
    timeval time{0, 1000};
    if (select(pipe.ends[0] + 1, &wanted, nullptr, nullptr, &time) == 0 && turn == 4)
      served.handle.resume();
  }
}
