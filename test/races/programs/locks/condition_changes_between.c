// The condition is tested twice, and it is another one the second time: the access may come without the lock.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void *work(void *argument) {
  int level = *(const int *)argument;
  int held = level > 1;
  if (held)
    pthread_mutex_lock(&lock);
  if (level > 0)
    count++; // RACE(count)
  if (held)
    pthread_mutex_unlock(&lock);
  return NULL;
}

int main(void) {
  pthread_t a, b;
  int one = 1, two = 2;
  pthread_create(&a, NULL, work, &one);
  pthread_create(&b, NULL, work, &two);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return count > 2;
}
