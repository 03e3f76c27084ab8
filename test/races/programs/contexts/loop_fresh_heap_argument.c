// A fresh block for each thread, which the thread frees: no two share one, no race.
#include <pthread.h>
#include <stdlib.h>

static void *work(void *argument) {
  int *number = argument;
  *number += 1;
  free(number);
  return NULL;
}

int main(void) {
  pthread_t threads[3];
  for (int i = 0; i < 3; i++) {
    int *number = malloc(sizeof *number);
    *number = i;
    pthread_create(&threads[i], NULL, work, number);
  }
  for (int i = 0; i < 3; i++)
    pthread_join(threads[i], NULL);
  return 0;
}
