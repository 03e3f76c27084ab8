// A file's lock is waited for whatever mode the descriptor is in: O_NONBLOCK is about reading and writing.
#include "own.h"
#include <fcntl.h>
#include <sys/file.h>

static int holder, taker;

static own::task update(own::loop &loop) {
  co_await loop.sleep(2ms);
  flock(taker, LOCK_EX); // verdict: blocking-call-in-coroutine confirmed "'flock' blocked the loop"
}

int main() {
  char name[] = "/tmp/tenterhook-corpus.XXXXXX";
  holder = mkstemp(name);
  taker = open(name, O_RDWR | O_NONBLOCK);
  if (holder < 0 || taker < 0 || unlink(name) != 0 || flock(holder, LOCK_EX) != 0)
    return 1;
  std::thread other([] {
    usleep(100'000);
    flock(holder, LOCK_UN);
  });
  own::loop loop;
  loop.run(update(loop));
  other.join();
}
