// memset clears the whole struct, the field that the thread counts in included.
#include <pthread.h>
#include <string.h>

struct stats {
  long hits, misses;
};

static struct stats stats;

static void *count(void *unused) {
  stats.misses++; // RACE(stats)
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, count, NULL);
  memset(&stats, 0, sizeof stats); // RACE(stats)
  pthread_join(thread, NULL);
  return stats.hits + stats.misses > 1;
}
