// The reader reads before it waits at the barrier, and the writer wrote before it: nothing is between them.
#include <pthread.h>

static pthread_barrier_t meet;
static int input, output;

static void *producer(void *unused) {
  input = 21; // RACE(input)
  pthread_barrier_wait(&meet);
  return unused;
}

static void *consumer(void *unused) {
  output = input * 2; // RACE(input)
  pthread_barrier_wait(&meet);
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_barrier_init(&meet, NULL, 2);
  pthread_create(&a, NULL, producer, NULL);
  pthread_create(&b, NULL, consumer, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  pthread_barrier_destroy(&meet);
  return output < 0;
}
