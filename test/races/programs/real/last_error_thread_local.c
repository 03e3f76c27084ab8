// The text of the last error is kept for each thread: no race.
#include <pthread.h>
#include <stdio.h>

static _Thread_local char last_error[64];

static int fail(int code) {
  snprintf(last_error, sizeof last_error, "error %d", code);
  return -1;
}

static int open_device(int number) { return number > 3 ? fail(number) : number; }

static void *work(void *argument) {
  open_device(*(int *)argument);
  return last_error[0] == 'e' ? NULL : argument;
}

int main(void) {
  pthread_t thread;
  int number = 7;
  pthread_create(&thread, NULL, work, &number);
  open_device(9);
  pthread_join(thread, NULL);
  return last_error[6] == '9' ? 0 : 1;
}
