// mtx_t of <threads.h>, which is pthread's mutex by other functions.
// builds: clang-O1 gcc-O2
#include "own.h"
#include <threads.h>

static mtx_t mutex;

static own::task update(own::loop &loop) {
  mtx_lock(&mutex);
  co_await loop.sleep(3ms); // verdict: lock-across-await confirmed "went back to its loop"
  mtx_unlock(&mutex);
}

int main() {
  mtx_init(&mutex, mtx_plain);
  own::loop loop;
  loop.run(update(loop));
}
