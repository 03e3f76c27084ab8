// A recursive pthread mutex, taken twice and released twice: the access after that is unguarded.
#include <pthread.h>

static pthread_mutex_t lock;
static int count;

static void *work(void *unused) {
  pthread_mutex_lock(&lock);
  pthread_mutex_lock(&lock);
  count++; // RACE(count)
  pthread_mutex_unlock(&lock);
  pthread_mutex_unlock(&lock);
  count++; // RACE(count)
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_mutexattr_t kind;
  pthread_mutexattr_init(&kind);
  pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&lock, &kind);
  pthread_create(&a, NULL, work, NULL);
  pthread_create(&b, NULL, work, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return count > 4;
}
