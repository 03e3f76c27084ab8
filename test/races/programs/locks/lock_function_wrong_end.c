// end() is called before the access, and begin() after it: the pair is there, the access lies outside.
#include <pthread.h>
#include <time.h>

static pthread_mutex_t big = PTHREAD_MUTEX_INITIALIZER;
static int count, steps;

static const struct timespec pause_time = {0, 20000000};

static void begin(void) { pthread_mutex_lock(&big); }
static void end(void) { pthread_mutex_unlock(&big); }

static void *work(void *unused) {
  begin();
  steps++;
  end();
  nanosleep(&pause_time, NULL);
  count++; // RACE(count)
  nanosleep(&pause_time, NULL);
  begin();
  steps++;
  end();
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, work, NULL);
  pthread_create(&b, NULL, work, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return count + steps > 6;
}
