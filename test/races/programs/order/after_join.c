// main reads the result when the thread that wrote it is joined: no race.
#include <pthread.h>
#include <stdio.h>

static long result;

static void *work(void *unused) {
  (void)unused;
  for (int i = 0; i < 10; i++)
    result += i;
  return NULL;
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL) != 0)
    return 1;
  pthread_join(thread, NULL);
  printf("%ld\n", result);
  return 0;
}
