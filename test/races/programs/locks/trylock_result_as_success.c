// pthread_mutex_trylock returns 0 when it has the lock; the code reads it the other way round.
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int held;
static int count;

static void *hold(void *unused) {
  struct timespec pause = {0, 50000000};
  pthread_mutex_lock(&lock);
  held = 1;
  nanosleep(&pause, NULL);
  count++; // RACE(count)
  pthread_mutex_unlock(&lock);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, hold, NULL);
  while (!held)
    ;
  if (pthread_mutex_trylock(&lock))
    count++; // RACE(count)
  else
    pthread_mutex_unlock(&lock);
  pthread_join(thread, NULL);
  return count > 2;
}
