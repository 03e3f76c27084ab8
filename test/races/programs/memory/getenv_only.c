// getenv in two threads, and nobody changes the environment: no race.
#include <pthread.h>
#include <stdlib.h>

static void *look(void *unused) { return getenv("HOME") ? NULL : unused; }

int main(void) {
  pthread_t thread;
  setenv("TENTERHOOK_CORPUS_MODE", "fast", 1);
  pthread_create(&thread, NULL, look, NULL);
  int there = getenv("TENTERHOOK_CORPUS_MODE") != NULL;
  pthread_join(thread, NULL);
  return there ? 0 : 1;
}
