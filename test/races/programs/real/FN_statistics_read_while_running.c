// Each worker counts in its own element, but main adds them up while they run.
#include <pthread.h>

#define WORKERS 2

struct worker {
  pthread_t thread;
  unsigned long served;
};

static struct worker workers[WORKERS];

static void *run(void *argument) {
  struct worker *self = argument;
  for (int request = 0; request < 20; request++)
    self->served++; // RACE(served)
  return NULL;
}

int main(void) {
  unsigned long sum = 0;
  for (int i = 0; i < WORKERS; i++)
    pthread_create(&workers[i].thread, NULL, run, &workers[i]);
  for (int i = 0; i < WORKERS; i++)
    sum += workers[i].served; // RACE(served)
  for (int i = 0; i < WORKERS; i++)
    pthread_join(workers[i].thread, NULL);
  return sum > 40;
}
