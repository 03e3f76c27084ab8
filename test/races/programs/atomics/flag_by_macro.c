// Loads and stores hide in macros over the builtins, as many programs have them: no race.
#include <pthread.h>
#include <stddef.h>

#define READ_ONCE_ACQUIRE(x) __atomic_load_n(&(x), __ATOMIC_ACQUIRE)
#define WRITE_ONCE_RELEASE(x, v) __atomic_store_n(&(x), (v), __ATOMIC_RELEASE)

static int data, ready;

static void *work(void *unused) {
  data = 5;
  WRITE_ONCE_RELEASE(ready, 1);
  return unused;
}

int main(void) {
  pthread_t thread;
  int seen = 5;
  pthread_create(&thread, NULL, work, NULL);
  if (READ_ONCE_ACQUIRE(ready))
    seen = data;
  pthread_join(thread, NULL);
  return seen == 5 ? 0 : 1;
}
