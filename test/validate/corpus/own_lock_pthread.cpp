// pthread_mutex_lock, by hand.
#include "own.h"
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static own::task update(own::loop &loop) {
  pthread_mutex_lock(&mutex);
  co_await loop.sleep(3ms); // verdict: lock-across-await confirmed "went back to its loop"
  pthread_mutex_unlock(&mutex);
}

int main() {
  own::loop loop;
  loop.run(update(loop));
}
