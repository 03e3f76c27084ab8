// The compiler's __atomic builtins on both sides, on a plain int: no race.
#include <pthread.h>
#include <stddef.h>

static int count;

static void *work(void *unused) {
  __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  int seen = __atomic_load_n(&count, __ATOMIC_RELAXED);
  __atomic_store_n(&count, 5, __ATOMIC_RELEASE);
  pthread_join(thread, NULL);
  return seen > 1;
}
