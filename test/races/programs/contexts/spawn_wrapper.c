// Threads are created by a wrapper, which gets function and argument; both threads get the same argument.
#include <pthread.h>
#include <stdlib.h>

static pthread_t spawn(void *(*run)(void *), void *with) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, run, with) != 0)
    abort();
  return thread;
}

static void *add(void *to) {
  *(int *)to += 1; // RACE(one)
  return NULL;
}

int main(void) {
  int one = 0, two = 0;
  pthread_t a = spawn(add, &one);
  pthread_t b = spawn(add, &one);
  pthread_t c = spawn(add, &two);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  pthread_join(c, NULL);
  return one + two > 3;
}
