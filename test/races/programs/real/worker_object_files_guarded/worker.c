// A part of the program in this folder: its main file tells the idea.
#include "worker.h"
#include <pthread.h>
#include <stdlib.h>

struct worker {
  pthread_t thread;
  pthread_mutex_t lock;
  int steps;
};

static void *run(void *argument) {
  struct worker *self = argument;
  for (int i = 0; i < 50; i++) {
    pthread_mutex_lock(&self->lock);
    self->steps++;
    pthread_mutex_unlock(&self->lock);
  }
  return NULL;
}

struct worker *worker_start(int steps) {
  struct worker *worker = calloc(1, sizeof *worker);
  pthread_mutex_init(&worker->lock, NULL);
  worker->steps = steps;
  pthread_create(&worker->thread, NULL, run, worker);
  return worker;
}

int worker_steps(struct worker *worker) {
  int steps;
  pthread_mutex_lock(&worker->lock);
  steps = worker->steps;
  pthread_mutex_unlock(&worker->lock);
  return steps;
}

void worker_stop(struct worker *worker) {
  pthread_join(worker->thread, NULL);
  worker->steps = 0;
  pthread_mutex_destroy(&worker->lock);
  free(worker);
}
