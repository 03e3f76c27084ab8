// The coroutine with the lock is never called.
#include "own.h"

static std::mutex mutex;

static own::task update(own::loop &loop) {
  std::lock_guard guard(mutex);
  co_await loop.sleep(3ms); // verdict: lock-across-await not exercised "the lock was taken 0 times"
}
static own::task nothing() { co_return; }

int main(int count, char **) {
  own::loop loop;
  if (count > 5)
    loop.run(update(loop));
  else
    loop.run(nothing());
}
