// A local variable's address is left in a global: another thread writes the local through it.
#include <pthread.h>
#include <stddef.h>

static int *shared;

static void *work(void *unused) {
  *shared = 4; // RACE(local)
  return unused;
}

int main(void) {
  pthread_t thread;
  int local = 0;
  shared = &local;
  pthread_create(&thread, NULL, work, NULL);
  local += 1; // RACE(local)
  pthread_join(thread, NULL);
  return local > 5;
}
