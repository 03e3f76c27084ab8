// A POSIX semaphore of 1 as a lock: no race.
#include <pthread.h>
#include <semaphore.h>

static sem_t door;
static int count;

static void *work(void *unused) {
  sem_wait(&door);
  count++;
  sem_post(&door);
  return unused;
}

int main(void) {
  pthread_t a, b;
  sem_init(&door, 0, 1);
  pthread_create(&a, NULL, work, NULL);
  pthread_create(&b, NULL, work, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return count == 2 ? 0 : 1;
}
