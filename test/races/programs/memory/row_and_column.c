// One thread fills a row, the other one a column: they meet in one element.
#include <pthread.h>
#include <stddef.h>

static int matrix[4][4];

static void *row(void *unused) {
  for (int i = 0; i < 4; i++)
    matrix[1][i] = i; // RACE(matrix)
  return unused;
}

static void *column(void *unused) {
  for (int i = 0; i < 4; i++)
    matrix[i][2] = i; // RACE(matrix)
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, row, NULL);
  pthread_create(&b, NULL, column, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return matrix[1][2] > 2;
}
