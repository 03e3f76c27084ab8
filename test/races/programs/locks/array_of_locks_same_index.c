// locks[i] guards data[i], with the same i: no race, whichever i the threads have.
#include <pthread.h>

#define N 2

static pthread_mutex_t locks[N] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static int data[N];

static void touch(int i) {
  pthread_mutex_lock(&locks[i]);
  data[i]++;
  pthread_mutex_unlock(&locks[i]);
}

static void *work(void *unused) {
  for (int i = 0; i < N; i++)
    touch(i);
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, work, NULL);
  pthread_create(&b, NULL, work, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return data[0] + data[1] == 4 ? 0 : 1;
}
