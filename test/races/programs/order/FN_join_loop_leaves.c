// The join loop can be left early by a break: then the rest of the threads still run.
// tsan: unrun
// tsan-why: the threads that are not joined have mostly counted before those that are, under the same lock
#include <pthread.h>

#define N 4

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
  void *result;
  for (int i = 0; i < N; i++)
    pthread_create(&threads[i], NULL, work, &threads[i]);
  for (int i = 0; i < N; i++) {
    pthread_join(threads[i], &result);
    if (i > 0 && result != NULL)
      break;
  }
  return done == N; // RACE(done)
}
