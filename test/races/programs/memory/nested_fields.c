// Three levels of fields: outer.inner.value is one location, outer.other.value another one. The latter is private to a thread.
#include <pthread.h>

struct inner {
  int value;
};

struct outer {
  struct inner inner, other;
};

static struct outer shared;

static void *work(void *argument) {
  struct outer *outer = argument;
  struct inner *inner = &outer->inner;
  inner->value += 1; // RACE(value)
  return NULL;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, &shared);
  shared.other.value = 3;
  shared.inner.value = 5; // RACE(value)
  pthread_join(thread, NULL);
  return shared.inner.value > 6;
}
