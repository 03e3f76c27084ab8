// __sync_lock_test_and_set in a loop and __sync_lock_release are a spin lock: no race.
#include <pthread.h>
#include <sched.h>
#include <stddef.h>

static int taken, count;

static void *work(void *unused) {
  while (__sync_lock_test_and_set(&taken, 1))
    sched_yield();
  count++;
  __sync_lock_release(&taken);
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
