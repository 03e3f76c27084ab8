// atomic_init before the thread is created: no race.
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int state;

static void *work(void *unused) {
  atomic_fetch_add(&state, 1);
  return unused;
}

int main(void) {
  pthread_t thread;
  atomic_init(&state, 4);
  pthread_create(&thread, NULL, work, NULL);
  atomic_fetch_sub(&state, 1);
  pthread_join(thread, NULL);
  return state == 4 ? 0 : 1;
}
