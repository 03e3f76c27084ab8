// Each worker counts in its own element; main adds them up when all are joined: no race.
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
    self->served++;
  return NULL;
}

int main(void) {
  unsigned long sum = 0;
  for (int i = 0; i < WORKERS; i++)
    pthread_create(&workers[i].thread, NULL, run, &workers[i]);
  for (int i = 0; i < WORKERS; i++)
    pthread_join(workers[i].thread, NULL);
  for (int i = 0; i < WORKERS; i++)
    sum += workers[i].served;
  return sum == 40 ? 0 : 1;
}
