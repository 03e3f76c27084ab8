// A bit-field and the plain member beside it are two memory locations: no race.
#include <pthread.h>
#include <stddef.h>

struct state {
  unsigned char busy : 1;
  unsigned char level;
};

static struct state state;

static void *work(void *unused) {
  state.busy = 1;
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  state.level = 5;
  pthread_join(thread, NULL);
  return state.busy + state.level == 6 ? 0 : 1;
}
