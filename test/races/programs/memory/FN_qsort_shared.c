// qsort moves the elements that the thread adds up.
#include <pthread.h>
#include <stdlib.h>

static int values[8] = {5, 3, 8, 1, 9, 2, 7, 4};

static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

static void *sum(void *into) {
  int total = 0;
  for (int i = 0; i < 8; i++)
    total += values[i]; // RACE(values)
  *(int *)into = total;
  return NULL;
}

int main(void) {
  pthread_t thread;
  int total = 0;
  pthread_create(&thread, NULL, sum, &total);
  qsort(values, 8, sizeof values[0], compare); // RACE(values)
  pthread_join(thread, NULL);
  return total < 0;
}
