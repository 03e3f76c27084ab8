// Two threads print into one static buffer.
#include <pthread.h>
#include <stdio.h>

static char line[32];

static void *print(void *number) {
  snprintf(line, sizeof line, "number %d", *(int *)number); // RACE(line)
  return NULL;
}

int main(void) {
  pthread_t a, b;
  int one = 1, two = 2;
  pthread_create(&a, NULL, print, &one);
  pthread_create(&b, NULL, print, &two);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return line[0] != 'n';
}
