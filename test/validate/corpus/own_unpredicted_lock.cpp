// The lock is taken through a pointer that only the run knows.
#include "own.h"
#include <dlfcn.h>
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static own::task session(own::loop &loop) {
  auto take = reinterpret_cast<int (*)(pthread_mutex_t *)>(dlsym(RTLD_DEFAULT, "pthread_mutex_lock"));
  take(&mutex); // unpredicted: held-lock
  co_await loop.sleep(3ms);
  pthread_mutex_unlock(&mutex);
}

int main() {
  own::loop loop;
  loop.run(session(loop));
}
