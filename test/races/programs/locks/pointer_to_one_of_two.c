// The lock is chosen by the thread's number, so two threads hold different ones.
#include <pthread.h>

static pthread_mutex_t even = PTHREAD_MUTEX_INITIALIZER, odd = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void *work(void *argument) {
  pthread_mutex_t *chosen = *(int *)argument % 2 == 0 ? &even : &odd;
  pthread_mutex_lock(chosen);
  count++; // RACE(count)
  pthread_mutex_unlock(chosen);
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
