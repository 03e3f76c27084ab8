// The compiler's cleanup attribute unlocks at the end of the scope: no race.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void leave(pthread_mutex_t **held) { pthread_mutex_unlock(*held); }

static void *work(void *unused) {
  pthread_mutex_lock(&lock);
  __attribute__((cleanup(leave))) pthread_mutex_t *held = &lock;
  if (unused)
    return NULL;
  count++;
  return held;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, work, NULL);
  pthread_create(&b, NULL, work, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return count == 2 ? 0 : 1;
}
