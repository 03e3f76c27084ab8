// *p++ = v writes each element in turn.
#include <pthread.h>
#include <stddef.h>

static char text[4];

static void *fill(void *unused) {
  char *at = text;
  for (int i = 0; i < 3; i++)
    *at++ = 'x'; // RACE(text)
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, fill, NULL);
  int second = text[1]; // RACE(text)
  pthread_join(thread, NULL);
  return second > 'x';
}
