// The sum holds the list's lock, the change holds the node's: nothing in common.
#include <pthread.h>
#include <stdlib.h>

struct node {
  pthread_mutex_t lock;
  int value;
};

struct list {
  pthread_mutex_t lock;
  struct node *head;
};

static struct list all = {PTHREAD_MUTEX_INITIALIZER, NULL};

static void *sum(void *into) {
  pthread_mutex_lock(&all.lock);
  *(int *)into = all.head->value; // RACE(value)
  pthread_mutex_unlock(&all.lock);
  return NULL;
}

int main(void) {
  pthread_t thread;
  int seen = 0;
  all.head = malloc(sizeof *all.head);
  pthread_mutex_init(&all.head->lock, NULL);
  all.head->value = 1;
  pthread_create(&thread, NULL, sum, &seen);
  pthread_mutex_lock(&all.head->lock);
  all.head->value++; // RACE(value)
  pthread_mutex_unlock(&all.head->lock);
  pthread_join(thread, NULL);
  free(all.head);
  return seen > 2;
}
