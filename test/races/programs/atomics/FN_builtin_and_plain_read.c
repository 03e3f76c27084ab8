// One side uses the builtin, the other one reads the int plainly.
#include <pthread.h>
#include <stddef.h>

static int count;

static void *work(void *unused) {
  __atomic_fetch_add(&count, 1, __ATOMIC_SEQ_CST); // RACE(count)
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  int seen = count; // RACE(count)
  pthread_join(thread, NULL);
  return seen > 1;
}
