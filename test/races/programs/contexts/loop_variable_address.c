// Each thread gets the address of the one loop variable, which main counts on.
#include <pthread.h>

static int seen[3];

static void *work(void *argument) {
  int number = *(int *)argument; // RACE(i)
  if (number >= 0 && number < 3)
    __atomic_store_n(&seen[number], 1, __ATOMIC_RELAXED);
  return NULL;
}

int main(void) {
  pthread_t threads[3];
  int i;
  for (i = 0; i < 3; i++) // RACE(i)
    pthread_create(&threads[i], NULL, work, &i);
  for (int k = 0; k < 3; k++)
    pthread_join(threads[k], NULL);
  return 0;
}
