// Two levels: the thread writes through **, main writes the variable itself.
#include <pthread.h>

static int value;
static int *one = &value;

static void *work(void *argument) {
  int **two = argument;
  **two = 1; // RACE(value)
  return NULL;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, &one);
  value = 2; // RACE(value)
  pthread_join(thread, NULL);
  return value > 2;
}
