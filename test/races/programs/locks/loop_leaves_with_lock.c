// The loop is left by break with the lock held; the access after the loop is still guarded. No race.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int round_number, finished;

static void *work(void *unused) {
  for (;;) {
    pthread_mutex_lock(&lock);
    if (++round_number > 5)
      break;
    pthread_mutex_unlock(&lock);
  }
  finished++;
  pthread_mutex_unlock(&lock);
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, work, NULL);
  pthread_create(&b, NULL, work, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return finished == 2 ? 0 : 1;
}
