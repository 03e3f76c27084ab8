// _Thread_local in C, in a function: every thread counts for itself, no race.
#include <pthread.h>

static int calls(void) {
  static _Thread_local int count;
  return ++count;
}

static void *ask(void *into) {
  calls();
  *(int *)into = calls();
  return NULL;
}

int main(void) {
  pthread_t a, b;
  int x, y;
  pthread_create(&a, NULL, ask, &x);
  pthread_create(&b, NULL, ask, &y);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return x == 2 && y == 2 ? 0 : 1;
}
