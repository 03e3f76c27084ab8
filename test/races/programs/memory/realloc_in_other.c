// realloc may free the block that the thread reads.
#include <pthread.h>
#include <stdlib.h>

static void *first(void *block) {
  return *(int *)block ? block : NULL; // RACE(block)
}

int main(void) {
  pthread_t thread;
  int *values = calloc(4, sizeof *values);
  pthread_create(&thread, NULL, first, values);
  values = realloc(values, 4000 * sizeof *values); // RACE(block)
  pthread_join(thread, NULL);
  free(values);
  return 0;
}
