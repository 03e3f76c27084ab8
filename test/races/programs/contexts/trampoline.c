// The entry function is a trampoline: it calls the function that the argument's struct holds.
#include <pthread.h>

struct start {
  void (*run)(int *);
  int *with;
};

static void rise(int *n) {
  *n += 1; // RACE(n)
}

static void *trampoline(void *argument) {
  struct start *start = argument;
  start->run(start->with);
  return NULL;
}

int main(void) {
  pthread_t thread;
  int n = 0;
  struct start start = {rise, &n};
  pthread_create(&thread, NULL, trampoline, &start);
  n = 5; // RACE(n)
  pthread_join(thread, NULL);
  return n > 6;
}
