// sizeof of a variable length array type evaluates its bound: it reads the variable.
#include <pthread.h>
#include <stddef.h>

static int length = 4;

static void *grow(void *unused) {
  length = 8; // RACE(length)
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, grow, NULL);
  size_t size = sizeof(int[length]); // RACE(length)
  pthread_join(thread, NULL);
  return size > 100;
}
