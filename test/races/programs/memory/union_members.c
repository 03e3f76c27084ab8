// The members of a union share their storage.
#include <pthread.h>
#include <stddef.h>

union value {
  int whole;
  char bytes[4];
};

static union value value;

static void *work(void *unused) {
  value.whole = 5; // RACE(value)
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  value.bytes[1] = 1; // RACE(value)
  pthread_join(thread, NULL);
  return 0;
}
