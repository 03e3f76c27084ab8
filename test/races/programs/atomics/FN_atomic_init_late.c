// atomic_init is not atomic: it may only be used before anyone else has the object.
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int state;

static void *work(void *unused) {
  atomic_fetch_add(&state, 1); // RACE(state)
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  atomic_init(&state, 0); // RACE(state)
  pthread_join(thread, NULL);
  return state > 1;
}
