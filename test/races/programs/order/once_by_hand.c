// A flag of one's own, tested and set without a lock, in the place of pthread_once.
#include <pthread.h>

static int ready;
static int primes[3];

static int first_prime(void) {
  if (!ready) {    // RACE(ready)
    primes[0] = 2; // RACE(primes)
    ready = 1;     // RACE(ready)
  }
  return primes[0]; // RACE(primes)
}

static void *ask(void *into) {
  *(int *)into = first_prime();
  return NULL;
}

int main(void) {
  pthread_t a, b;
  int x, y;
  pthread_create(&a, NULL, ask, &x);
  pthread_create(&b, NULL, ask, &y);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return x != y;
}
