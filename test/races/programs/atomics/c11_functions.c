// atomic_fetch_add, atomic_load_explicit and atomic_exchange of stdatomic.h: no race.
#include <pthread.h>
#include <stdatomic.h>

static atomic_int count;
static atomic_bool stop;

static void *work(void *unused) {
  while (!atomic_load_explicit(&stop, memory_order_relaxed))
    atomic_fetch_add(&count, 1);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  int old = atomic_exchange(&count, 5);
  atomic_store(&stop, 1);
  pthread_join(thread, NULL);
  return old < 0;
}
