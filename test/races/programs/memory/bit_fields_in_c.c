// The status word's bit-fields are set by two threads; each believes that it has its own.
#include <pthread.h>
#include <stddef.h>

struct status {
  int errors : 4;
  int warnings : 4;
};

static struct status status;

static void *warn(void *unused) {
  status.warnings++; // RACE(status)
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, warn, NULL);
  status.errors = 1; // RACE(status)
  pthread_join(thread, NULL);
  return status.errors + status.warnings > 2;
}
