// put and take hold the ring's lock, the function that reports how full it is does not.
#include <pthread.h>
#include <stddef.h>

static struct {
  pthread_mutex_t lock;
  int items[16];
  unsigned head, tail;
} ring = {.lock = PTHREAD_MUTEX_INITIALIZER};

static int put(int item) {
  int done = 0;
  pthread_mutex_lock(&ring.lock);
  if (ring.tail - ring.head < 16) {
    ring.items[ring.tail % 16] = item;
    ring.tail++; // RACE(tail)
    done = 1;
  }
  pthread_mutex_unlock(&ring.lock);
  return done;
}

static unsigned fill(void) {
  return ring.tail - ring.head; // RACE(tail)
}

static void *producer(void *unused) {
  for (int i = 0; i < 10; i++)
    put(i);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, producer, NULL);
  unsigned seen = fill();
  pthread_join(thread, NULL);
  return seen > 16;
}
