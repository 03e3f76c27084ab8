// The older __sync builtins on both sides, also for reading: no race.
#include <pthread.h>
#include <stddef.h>

static long count;

static void *work(void *unused) {
  __sync_fetch_and_add(&count, 1);
  __sync_bool_compare_and_swap(&count, 100, 0);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  long seen = __sync_add_and_fetch(&count, 0);
  pthread_join(thread, NULL);
  return seen > 1;
}
