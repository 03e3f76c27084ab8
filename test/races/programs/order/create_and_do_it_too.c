// main does the work itself as well, although the helper was started.
#include <pthread.h>

static int work_done;

static void *work(void *unused) {
  work_done++; // RACE(work_done)
  return unused;
}

int main(void) {
  pthread_t helper;
  int started = pthread_create(&helper, NULL, work, NULL) == 0;
  work(NULL);
  if (started)
    pthread_join(helper, NULL);
  return work_done > 2;
}
