// On the error path the lock is released before the counter is written, on the other path after it.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int failures, runs;

static void *work(void *argument) {
  pthread_mutex_lock(&lock);
  if (*(int *)argument < 0) {
    pthread_mutex_unlock(&lock);
    failures++; // RACE(failures)
    return NULL;
  }
  runs++;
  pthread_mutex_unlock(&lock);
  return NULL;
}

int main(void) {
  pthread_t a, b;
  int bad = -1;
  pthread_create(&a, NULL, work, &bad);
  pthread_create(&b, NULL, work, &bad);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return failures + runs > 2;
}
