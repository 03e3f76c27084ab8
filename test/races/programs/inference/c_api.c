// A C library: a struct with its lock, functions on it; the length function forgets the lock.
#include <pthread.h>
#include <stdlib.h>

struct queue {
  pthread_mutex_t lock;
  int length;
};

struct queue *queue_create(void);
void queue_destroy(struct queue *queue);
void queue_push(struct queue *queue);
void queue_pop(struct queue *queue);
int queue_full(struct queue *queue);
int queue_length(const struct queue *queue);

struct queue *queue_create(void) {
  struct queue *queue = malloc(sizeof *queue);
  pthread_mutex_init(&queue->lock, NULL);
  queue->length = 0;
  return queue;
}

void queue_destroy(struct queue *queue) {
  queue->length = -1;
  pthread_mutex_destroy(&queue->lock);
  free(queue);
}

void queue_push(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  queue->length++; // RACE(length)
  pthread_mutex_unlock(&queue->lock);
}

void queue_pop(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  queue->length--; // RACE(length)
  pthread_mutex_unlock(&queue->lock);
}

int queue_full(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  int full = queue->length > 10;
  pthread_mutex_unlock(&queue->lock);
  return full;
}

int queue_length(const struct queue *queue) {
  return queue->length; // RACE(length)
}
