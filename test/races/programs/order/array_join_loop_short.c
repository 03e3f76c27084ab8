// N threads are created, N - 1 are joined before the counter is read: the last one may still add.
#include <pthread.h>

#define N 3

static int done;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *unused) {
  pthread_mutex_lock(&lock);
  done++; // RACE(done)
  pthread_mutex_unlock(&lock);
  return unused;
}

int main(void) {
  pthread_t threads[N];
  int seen;
  for (int i = 0; i < N; i++)
    pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < N - 1; i++)
    pthread_join(threads[i], NULL);
  seen = done; // RACE(done)
  pthread_join(threads[N - 1], NULL);
  return seen > N;
}
