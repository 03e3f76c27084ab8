// pthread_rwlock: rdlock for the read, wrlock for the write. No race.
#include <pthread.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int value;

static void *reader(void *into) {
  pthread_rwlock_rdlock(&lock);
  *(int *)into = value;
  pthread_rwlock_unlock(&lock);
  return NULL;
}

static void *writer(void *unused) {
  pthread_rwlock_wrlock(&lock);
  value = 3;
  pthread_rwlock_unlock(&lock);
  return unused;
}

int main(void) {
  pthread_t a, b;
  int seen = 0;
  pthread_create(&a, NULL, reader, &seen);
  pthread_create(&b, NULL, writer, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return seen > 3;
}
