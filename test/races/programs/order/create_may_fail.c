// Where pthread_create fails main works alone; where it succeeds it joins first. No race on either path.
#include <pthread.h>

static int work_done;

static void *work(void *unused) {
  work_done = 1;
  return unused;
}

int main(void) {
  pthread_t helper;
  int started = pthread_create(&helper, NULL, work, NULL) == 0;
  if (started)
    pthread_join(helper, NULL);
  else
    work(NULL);
  work_done++;
  return work_done == 2 ? 0 : 1;
}
