// The pointer comes out of a function.
#include <pthread.h>
#include <stddef.h>

struct state {
  int count;
};

static struct state state;

static struct state *get_state(void) { return &state; }

static void *work(void *unused) {
  get_state()->count++; // RACE(count)
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  int seen = get_state()->count; // RACE(count)
  pthread_join(thread, NULL);
  return seen > 1;
}
