// A full fence between plain accesses orders nothing, because no atomic is read or written.
#include <pthread.h>
#include <stddef.h>

static int data, ready;

static void *work(void *unused) {
  data = 4; // RACE(data)
  __sync_synchronize();
  ready = 1; // RACE(ready)
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  int seen_ready = ready; // RACE(ready)
  __sync_synchronize();
  int seen = data; // RACE(data)
  pthread_join(thread, NULL);
  return seen_ready + seen > 5;
}
