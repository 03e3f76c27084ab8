// One block, allocated before the loop, for all threads.
#include <pthread.h>
#include <stdlib.h>

static void *work(void *argument) {
  int *number = argument;
  *number += 1; // RACE(number)
  return NULL;
}

int main(void) {
  pthread_t threads[3];
  int *number = calloc(1, sizeof *number);
  for (int i = 0; i < 3; i++)
    pthread_create(&threads[i], NULL, work, number);
  for (int i = 0; i < 3; i++)
    pthread_join(threads[i], NULL);
  int wrong = *number > 3;
  free(number);
  return wrong;
}
