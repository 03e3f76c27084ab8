// Each thread prints into a buffer of its own stack: no race.
#include <pthread.h>
#include <stdio.h>

static void *print(void *number) {
  char line[32];
  snprintf(line, sizeof line, "number %d", *(int *)number);
  return line[0] == 'n' ? NULL : number;
}

int main(void) {
  pthread_t a, b;
  int one = 1;
  pthread_create(&a, NULL, print, &one);
  pthread_create(&b, NULL, print, &one);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return 0;
}
