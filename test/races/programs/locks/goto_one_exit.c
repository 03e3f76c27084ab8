// Every path goes through the one exit that unlocks, and every access lies before it: no race.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int failures, runs;

static void *work(void *argument) {
  int number = *(int *)argument;
  pthread_mutex_lock(&lock);
  if (number < 0)
    goto out;
  runs++;
  if (number > 100)
    goto out;
  runs += number;
out:
  if (number < 0)
    failures++;
  pthread_mutex_unlock(&lock);
  return NULL;
}

int main(void) {
  pthread_t a, b;
  int bad = -1, good = 5;
  pthread_create(&a, NULL, work, &bad);
  pthread_create(&b, NULL, work, &good);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return failures + runs == 7 ? 0 : 1;
}
