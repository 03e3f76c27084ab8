// The library keeps the text of the last error in a static buffer, which any thread's failure overwrites.
#include <pthread.h>
#include <stdio.h>

static char last_error[64];

static int fail(int code) {
  snprintf(last_error, sizeof last_error, "error %d", code); // RACE(last_error)
  return -1;
}

static int open_device(int number) { return number > 3 ? fail(number) : number; }

static void *work(void *argument) {
  open_device(*(int *)argument);
  return NULL;
}

int main(void) {
  pthread_t thread;
  int number = 7;
  pthread_create(&thread, NULL, work, &number);
  int failed = open_device(9) < 0;
  pthread_join(thread, NULL);
  return failed ? 0 : 1;
}
