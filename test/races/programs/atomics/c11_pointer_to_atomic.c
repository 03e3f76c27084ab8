// The pointer points to an atomic, the second one to a plain int: only the latter races.
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int safe;
static int unsafe;

struct job {
  atomic_int *first;
  int *second;
};

static void *work(void *argument) {
  struct job *job = argument;
  *job->first += 1;
  *job->second += 1; // RACE(unsafe)
  return NULL;
}

int main(void) {
  pthread_t a, b;
  struct job job = {&safe, &unsafe};
  pthread_create(&a, NULL, work, &job);
  pthread_create(&b, NULL, work, &job);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return unsafe > 2;
}
