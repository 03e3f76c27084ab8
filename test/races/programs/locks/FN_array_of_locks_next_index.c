// locks[i] is held while the neighbour data[i + 1] is written.
#include <pthread.h>

#define N 3

static pthread_mutex_t locks[N] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static int data[N];

static void *push(void *unused) {
  for (int i = 0; i + 1 < N; i++) {
    pthread_mutex_lock(&locks[i]);
    data[i + 1]++; // RACE(data)
    pthread_mutex_unlock(&locks[i]);
  }
  return unused;
}

static void *touch(void *unused) {
  for (int i = N - 1; i > 0; i--) {
    pthread_mutex_lock(&locks[i]);
    data[i]++; // RACE(data)
    pthread_mutex_unlock(&locks[i]);
  }
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, push, NULL);
  pthread_create(&b, NULL, touch, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return 0;
}
