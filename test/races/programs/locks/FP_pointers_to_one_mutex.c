// Two pointers, one mutex: no race.
#include <pthread.h>

static pthread_mutex_t real = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t *const by_name = &real;
static int count;

static void *work(void *argument) {
  pthread_mutex_t *by_argument = argument;
  pthread_mutex_lock(by_argument);
  count++;
  pthread_mutex_unlock(by_argument);
  return NULL;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, &real);
  pthread_mutex_lock(by_name);
  count++;
  pthread_mutex_unlock(by_name);
  pthread_join(thread, NULL);
  return count == 2 ? 0 : 1;
}
