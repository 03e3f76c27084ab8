// The wrapper is called twice with two functions and two arguments: nothing is shared, no race.
#include <pthread.h>
#include <stdlib.h>

static pthread_t spawn(void *(*run)(void *), void *with) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, run, with) != 0)
    abort();
  return thread;
}

static void *add(void *to) {
  *(int *)to += 1;
  return NULL;
}

static void *drop(void *from) {
  *(int *)from -= 1;
  return NULL;
}

int main(void) {
  int one = 0, two = 0;
  pthread_t a = spawn(add, &one);
  pthread_t b = spawn(drop, &two);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return one + two;
}
