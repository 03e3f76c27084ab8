// The pointer to the atomic is itself plain, and is turned elsewhere while the thread uses it.
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int first, second;
static atomic_int *current = &first;

static void *work(void *unused) {
  *current += 1; // RACE(current)
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  current = &second; // RACE(current)
  pthread_join(thread, NULL);
  return first + second > 1;
}
