// _Atomic in C: ++, assignment and reading are atomic without any function. No race.
#include <pthread.h>
#include <stddef.h>

static _Atomic int count;
static _Atomic(long) sum;

static void *work(void *unused) {
  count++;
  sum += 5;
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, work, NULL);
  pthread_create(&b, NULL, work, NULL);
  int early = count;
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return count == 2 && sum == 10 && early <= 2 ? 0 : 1;
}
