// The flag is read in the loop's condition before the lock is taken.
#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int available;

static void *produce(void *unused) {
  pthread_mutex_lock(&lock);
  available = 1; // RACE(available)
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&lock);
  return unused;
}

int main(void) {
  struct timespec pause = {0, 20000000};
  pthread_t thread;
  pthread_create(&thread, NULL, produce, NULL);
  nanosleep(&pause, NULL);
  if (!available) { // RACE(available)
    pthread_mutex_lock(&lock);
    while (!available)
      pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
  }
  pthread_join(thread, NULL);
  return 0;
}
