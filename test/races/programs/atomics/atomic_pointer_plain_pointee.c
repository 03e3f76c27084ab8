// The pointer is atomic, what it points to is not.
#include <pthread.h>
#include <stdatomic.h>

static int first, second;
static int *_Atomic current = &first;

static void *work(void *unused) {
  *current += 1; // RACE(second)
  return unused;
}

int main(void) {
  pthread_t a, b;
  current = &second;
  pthread_create(&a, NULL, work, NULL);
  pthread_create(&b, NULL, work, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return first + second > 2;
}
