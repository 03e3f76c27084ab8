// Lock, access, unlock: the lock is taken under the same unchanged condition as the shared access. No race.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void *work(void *argument) {
  const int shared = *(const int *)argument;
  int mine = 0;
  if (shared)
    pthread_mutex_lock(&lock);
  if (shared)
    count++;
  else
    mine++;
  if (shared)
    pthread_mutex_unlock(&lock);
  return mine ? NULL : argument;
}

int main(void) {
  pthread_t a, b, c;
  int yes = 1, no = 0;
  pthread_create(&a, NULL, work, &yes);
  pthread_create(&b, NULL, work, &no);
  pthread_create(&c, NULL, work, &yes);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  pthread_join(c, NULL);
  return count == 2 ? 0 : 1;
}
