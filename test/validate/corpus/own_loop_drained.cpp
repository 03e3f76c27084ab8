// A thread drains a pipe with poll and read, many turns of a loop; when the pipe is empty it is over, and the thread goes
// on to other work.
// builds: clang-O2 gcc-O0
#include "own.h"
#include <poll.h>

static own::task store() {
  usleep(100'000); // verdict: blocking-call-in-coroutine inconclusive "the loop is not below it"
  co_return;
}

static own::task session(own::loop &loop, bool here) {
  co_await loop.sleep(1ms);
  if (here)
    co_await store();
}

static int drain(int descriptor, int other) {
  int count = 0;
  char byte;
  pollfd wanted[2] = {{descriptor, POLLIN, 0}, {other, POLLIN, 0}};
  while (poll(wanted, 2, 2) > 0)
    if (read(descriptor, &byte, 1) == 1)
      ++count;
  return count;
}

int main() {
  own::silent_pipe pipe, other;
  if (write(pipe.ends[1], "eight...", 8) != 8)
    return 1;
  own::task work = store();
  std::thread reader([&] {
    if (drain(pipe.ends[0], other.ends[0]) == 8)
      work.handle.resume();
  });
  reader.join();
  own::loop loop;
  loop.run(session(loop, own::opaque(false)));
}
