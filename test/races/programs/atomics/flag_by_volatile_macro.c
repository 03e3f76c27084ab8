// A macro that only casts to volatile: no atomic, whatever it is called.
#include <pthread.h>
#include <stddef.h>

#define ATOMIC_READ(x) (*(volatile int *)&(x))
#define ATOMIC_WRITE(x, v) (*(volatile int *)&(x) = (v))

static int ready;

static void *work(void *unused) {
  ATOMIC_WRITE(ready, 1); // RACE(ready)
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  int seen = ATOMIC_READ(ready); // RACE(ready)
  pthread_join(thread, NULL);
  return seen > 1;
}
