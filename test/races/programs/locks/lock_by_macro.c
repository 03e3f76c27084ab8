// Lock and unlock hide in macros: no race.
#include <pthread.h>

#define WITH_LOCK(mutex, statement)                                                                                              \
  do {                                                                                                                           \
    pthread_mutex_lock(&(mutex));                                                                                                \
    statement;                                                                                                                   \
    pthread_mutex_unlock(&(mutex));                                                                                              \
  } while (0)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void *work(void *unused) {
  WITH_LOCK(lock, count++);
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, work, NULL);
  pthread_create(&b, NULL, work, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return count == 2 ? 0 : 1;
}
