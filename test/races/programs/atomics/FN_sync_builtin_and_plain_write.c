// The counter is added to atomically, and reset by a plain store.
#include <pthread.h>
#include <stddef.h>

static long count;

static void *work(void *unused) {
  __sync_fetch_and_add(&count, 1); // RACE(count)
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  count = 0; // RACE(count)
  pthread_join(thread, NULL);
  return count > 1;
}
