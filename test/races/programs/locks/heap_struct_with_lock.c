// The lock lies in the allocated struct beside the data that it guards; both threads get the struct: no race.
#include <pthread.h>
#include <stdlib.h>

struct stats {
  pthread_mutex_t lock;
  int hits;
};

static void *hit(void *argument) {
  struct stats *stats = argument;
  pthread_mutex_lock(&stats->lock);
  stats->hits++;
  pthread_mutex_unlock(&stats->lock);
  return NULL;
}

int main(void) {
  pthread_t a, b;
  struct stats *stats = calloc(1, sizeof *stats);
  pthread_mutex_init(&stats->lock, NULL);
  pthread_create(&a, NULL, hit, stats);
  pthread_create(&b, NULL, hit, stats);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  int right = stats->hits == 2;
  free(stats);
  return right ? 0 : 1;
}
