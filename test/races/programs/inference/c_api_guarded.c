// The same with the lock everywhere, but where the object is fresh or being destroyed: no race.
#include <pthread.h>
#include <stdlib.h>

struct queue {
  pthread_mutex_t lock;
  int length;
};

struct queue *queue_create(int length);
void queue_free(struct queue *queue);
void queue_push(struct queue *queue);
int queue_length(struct queue *queue);

struct queue *queue_create(int length) {
  struct queue *queue = malloc(sizeof *queue);
  pthread_mutex_init(&queue->lock, NULL);
  queue->length = length;
  return queue;
}

void queue_free(struct queue *queue) {
  pthread_mutex_destroy(&queue->lock);
  free(queue);
}

void queue_push(struct queue *queue) {
  pthread_mutex_lock(&queue->lock);
  queue->length++;
  pthread_mutex_unlock(&queue->lock);
}

int queue_length(struct queue *queue) {
  int length;
  pthread_mutex_lock(&queue->lock);
  length = queue->length;
  pthread_mutex_unlock(&queue->lock);
  return length;
}
