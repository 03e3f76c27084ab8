// main frees the block when the thread is joined: no race.
#include <pthread.h>
#include <stdlib.h>

static void *work(void *argument) {
  int *values = argument;
  values[0] = 3;
  return NULL;
}

int main(void) {
  pthread_t thread;
  int *values = calloc(4, sizeof *values);
  pthread_create(&thread, NULL, work, values);
  pthread_join(thread, NULL);
  free(values);
  return 0;
}
