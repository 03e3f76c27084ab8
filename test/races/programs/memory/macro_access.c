// The access hides in a macro of a macro.
#include <pthread.h>
#include <stddef.h>

static struct {
  long calls;
} stats;

#define STAT(field) (stats.field)
#define COUNT(field) (++STAT(field))

static void *work(void *unused) {
  COUNT(calls); // RACE(calls)
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  COUNT(calls); // RACE(calls)
  pthread_join(thread, NULL);
  return STAT(calls) > 2;
}
