// setenv changes the environment that getenv searches.
// tsan: silent
// tsan-why: the environment is searched inside the C library, which is not instrumented
#include <pthread.h>
#include <stdlib.h>

static void *look(void *unused) {
  return getenv("TENTERHOOK_CORPUS_MODE") ? NULL : unused; // RACE(environment)
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, look, NULL);
  setenv("TENTERHOOK_CORPUS_MODE", "fast", 1); // RACE(environment)
  pthread_join(thread, NULL);
  return 0;
}
