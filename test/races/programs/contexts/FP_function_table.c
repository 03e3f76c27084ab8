// The thread runs a function out of a static table.
#include <pthread.h>

typedef void *(*entry)(void *);

static int ticks, beats;

static void *tick(void *unused) {
  ticks++; // RACE(ticks)
  return unused;
}

static void *beat(void *unused) {
  beats++;
  return unused;
}

static const struct {
  const char *name;
  entry run;
} table[] = {{"tick", tick}, {"beat", beat}};

int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; i++)
    pthread_create(&threads[i], NULL, table[i].run, NULL);
  ticks++; // RACE(ticks)
  for (int i = 0; i < 2; i++)
    pthread_join(threads[i], NULL);
  return ticks + beats > 3;
}
