// The worker stamps the time of its last beat, the watchdog reads it: without a lock.
#include <pthread.h>
#include <stddef.h>
#include <time.h>

static time_t last_beat;

static void *worker(void *unused) {
  for (int i = 0; i < 5; i++)
    last_beat = time(NULL); // RACE(last_beat)
  return unused;
}

static int alive(void) {
  return time(NULL) - last_beat < 10; // RACE(last_beat)
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, worker, NULL);
  int seen = alive();
  pthread_join(thread, NULL);
  return seen < 0;
}
