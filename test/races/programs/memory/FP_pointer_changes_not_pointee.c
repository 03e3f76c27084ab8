// The thread reads what the pointer pointed to when it was created; main turns its own pointer elsewhere. No race.
#include <pthread.h>

static int first = 1, second = 2;

static void *work(void *argument) {
  int *mine = argument;
  return *mine == 1 ? NULL : argument;
}

int main(void) {
  pthread_t thread;
  int *pointer = &first;
  pthread_create(&thread, NULL, work, pointer);
  pointer = &second;
  *pointer = 20;
  pthread_join(thread, NULL);
  return first + *pointer == 21 ? 0 : 1;
}
