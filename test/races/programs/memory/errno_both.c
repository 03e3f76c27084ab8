// errno is thread-local: no race.
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

static void *parse(void *text) {
  errno = 0;
  long value = strtol(text, NULL, 10);
  return errno == 0 && value < 1000 ? NULL : text;
}

int main(void) {
  pthread_t thread;
  char text[] = "55";
  pthread_create(&thread, NULL, parse, text);
  errno = 0;
  int wrong = errno;
  pthread_join(thread, NULL);
  return wrong;
}
