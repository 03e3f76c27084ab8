// Workers count what they have served in a global struct: the numbers may be wrong, and it is a race.
#include <pthread.h>

#define WORKERS 2

struct statistics {
  unsigned long served, failed;
};

static struct statistics statistics;

static int serve(int request) { return request % 3; }

static void *worker(void *unused) {
  for (int request = 0; request < 20; request++)
    if (serve(request) == 0)
      statistics.failed++; // RACE(failed)
    else
      statistics.served++; // RACE(served)
  return unused;
}

int main(void) {
  pthread_t threads[WORKERS];
  for (int i = 0; i < WORKERS; i++)
    pthread_create(&threads[i], NULL, worker, NULL);
  for (int i = 0; i < WORKERS; i++)
    pthread_join(threads[i], NULL);
  return statistics.served + statistics.failed > 40;
}
