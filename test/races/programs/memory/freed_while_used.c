// main frees the block while the thread still writes it: free() writes all of it.
#include <pthread.h>
#include <stdlib.h>

static void *work(void *argument) {
  int *values = argument;
  values[0] = 3; // RACE(values)
  return NULL;
}

int main(void) {
  pthread_t thread;
  int *values = calloc(4, sizeof *values);
  pthread_create(&thread, NULL, work, values);
  free(values); // RACE(values)
  pthread_join(thread, NULL);
  return 0;
}
