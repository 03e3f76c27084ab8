// The index counts on between lock and access.
#include <pthread.h>

static pthread_mutex_t locks[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static int data[2];

static void *wrong(void *unused) {
  int i = 0;
  pthread_mutex_lock(&locks[i]);
  i++;
  data[i] = 5; // RACE(data)
  pthread_mutex_unlock(&locks[0]);
  return unused;
}

static void *right(void *unused) {
  pthread_mutex_lock(&locks[1]);
  data[1] = 6; // RACE(data)
  pthread_mutex_unlock(&locks[1]);
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, wrong, NULL);
  pthread_create(&b, NULL, right, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return 0;
}
