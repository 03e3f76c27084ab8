// The writer locks, the reader does not.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int level;

static void *rise(void *unused) {
  pthread_mutex_lock(&lock);
  level++; // RACE(level)
  pthread_mutex_unlock(&lock);
  return unused;
}

int main(void) {
  pthread_t thread;
  int seen;
  pthread_create(&thread, NULL, rise, NULL);
  seen = level; // RACE(level)
  pthread_join(thread, NULL);
  return seen > 1;
}
