// Each thread works with a copy of the struct's lock, while the counter behind the pointer is one.
#include <pthread.h>

struct job {
  pthread_mutex_t lock;
  int *count;
};

static void *work(void *argument) {
  struct job mine = *(struct job *)argument;
  pthread_mutex_lock(&mine.lock);
  ++*mine.count; // RACE(count)
  pthread_mutex_unlock(&mine.lock);
  return NULL;
}

int main(void) {
  pthread_t a, b;
  int count = 0;
  struct job job = {PTHREAD_MUTEX_INITIALIZER, &count};
  pthread_create(&a, NULL, work, &job);
  pthread_create(&b, NULL, work, &job);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return count > 2;
}
