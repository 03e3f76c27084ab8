// Two functions with names of their own lock and unlock: no race.
#include <pthread.h>

static pthread_mutex_t big = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void begin(void) { pthread_mutex_lock(&big); }
static void end(void) { pthread_mutex_unlock(&big); }

static void *work(void *unused) {
  begin();
  count++;
  end();
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, work, NULL);
  pthread_create(&b, NULL, work, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return count == 2 ? 0 : 1;
}
