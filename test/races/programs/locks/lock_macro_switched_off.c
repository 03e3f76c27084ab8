// The same kind of macros, but defined as nothing, as in a build without threads.
#include <pthread.h>

#define LOCK(mutex) ((void)(mutex))
#define UNLOCK(mutex) ((void)(mutex))

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void *work(void *unused) {
  LOCK(&lock);
  count++; // RACE(count)
  UNLOCK(&lock);
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, work, NULL);
  pthread_create(&b, NULL, work, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return count > 2;
}
