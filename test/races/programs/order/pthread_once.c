// pthread_once orders the initialiser before the return of each caller: no race.
#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int primes[3];

static void fill(void) {
  primes[0] = 2;
  primes[1] = 3;
  primes[2] = 5;
}

static void *sum(void *into) {
  pthread_once(&once, fill);
  *(int *)into = primes[0] + primes[1] + primes[2];
  return NULL;
}

int main(void) {
  pthread_t a, b;
  int x, y;
  pthread_create(&a, NULL, sum, &x);
  pthread_create(&b, NULL, sum, &y);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return x == y ? 0 : 1;
}
