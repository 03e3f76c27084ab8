// Where pthread_mutex_trylock fails the function returns before the access: no race.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int count;

static int add(void) {
  if (pthread_mutex_trylock(&lock) != 0)
    return 0;
  count++;
  pthread_mutex_unlock(&lock);
  return 1;
}

static void *work(void *unused) {
  for (int i = 0; i < 100; i++)
    add();
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, work, NULL);
  pthread_create(&b, NULL, work, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return count > 200;
}
