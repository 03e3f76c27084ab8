// N threads are created and N joined, by equal loops over one array of handles: no race.
#include <pthread.h>

#define N 3

static int slots[N];

static void *fill(void *slot) {
  *(int *)slot = 7;
  return NULL;
}

int main(void) {
  pthread_t threads[N];
  int sum = 0;
  for (int i = 0; i < N; i++)
    pthread_create(&threads[i], NULL, fill, &slots[i]);
  for (int i = 0; i < N; i++)
    pthread_join(threads[i], NULL);
  for (int i = 0; i < N; i++)
    sum += slots[i];
  return sum == 7 * N ? 0 : 1;
}
