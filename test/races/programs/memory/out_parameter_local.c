// The same helpers, but each thread has them write its own local: no race.
#include <pthread.h>
#include <stddef.h>

static void set(int *to, int value) { *to = value; }

static void set_twice(int *to, int value) { set(to, value * 2); }

static void *work(void *unused) {
  int mine = 0;
  set_twice(&mine, 3);
  return mine == 6 ? NULL : unused;
}

int main(void) {
  pthread_t thread;
  int mine = 0;
  pthread_create(&thread, NULL, work, NULL);
  set_twice(&mine, 4);
  pthread_join(thread, NULL);
  return mine == 8 ? 0 : 1;
}
