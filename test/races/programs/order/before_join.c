// main prints the result before it joins the thread that writes it.
#include <pthread.h>
#include <stdio.h>

static long result;

static void *work(void *unused) {
  (void)unused;
  for (int i = 0; i < 10; i++)
    result += i; // RACE(result)
  return NULL;
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL) != 0)
    return 1;
  printf("%ld\n", result); // RACE(result)
  pthread_join(thread, NULL);
  return 0;
}
