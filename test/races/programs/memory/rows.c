// Each thread has one row of the matrix: no race.
#include <pthread.h>

static int matrix[2][8];

static void *fill(void *argument) {
  int *row = argument;
  for (int i = 0; i < 8; i++)
    row[i] = i;
  return NULL;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, fill, matrix[0]);
  pthread_create(&b, NULL, fill, matrix[1]);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return matrix[0][7] == matrix[1][7] ? 0 : 1;
}
