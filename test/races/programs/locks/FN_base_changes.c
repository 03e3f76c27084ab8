// The pointer moves on between lock and access: the lock of one node is held, the value of the next one written.
#include <pthread.h>

struct node {
  pthread_mutex_t lock;
  int value;
  struct node *next;
};

static struct node second = {PTHREAD_MUTEX_INITIALIZER, 0, NULL};
static struct node first = {PTHREAD_MUTEX_INITIALIZER, 0, &second};

static void *walk(void *unused) {
  struct node *at = &first;
  pthread_mutex_t *held = &at->lock;
  pthread_mutex_lock(held);
  at = at->next;
  at->value++; // RACE(value)
  pthread_mutex_unlock(held);
  return unused;
}

static void *direct(void *unused) {
  struct node *at = &second;
  pthread_mutex_lock(&at->lock);
  at->value++; // RACE(value)
  pthread_mutex_unlock(&at->lock);
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, walk, NULL);
  pthread_create(&b, NULL, direct, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return 0;
}
