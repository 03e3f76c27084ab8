// A helper writes through the pointer that it is given; three calls deep.
#include <pthread.h>
#include <stddef.h>

static int level;

static void set(int *to, int value) {
  *to = value; // RACE(level)
}

static void set_twice(int *to, int value) { set(to, value * 2); }
static void set_from(int *to, const int *from) { set_twice(to, *from); }

static void *work(void *unused) {
  const int three = 3;
  set_from(&level, &three);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  int seen = level; // RACE(level)
  pthread_join(thread, NULL);
  return seen > 6;
}
