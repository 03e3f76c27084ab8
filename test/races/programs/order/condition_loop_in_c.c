// pthread_cond_wait in a loop on the flag, the data written before the flag under the same lock: no race.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int available;
static char buffer[8];

static void *produce(void *unused) {
  for (int i = 0; i < 8; i++)
    buffer[i] = (char)i;
  pthread_mutex_lock(&lock);
  available = 1;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&lock);
  return unused;
}

int main(void) {
  pthread_t thread;
  int sum = 0;
  pthread_create(&thread, NULL, produce, NULL);
  pthread_mutex_lock(&lock);
  while (!available)
    pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
  for (int i = 0; i < 8; i++)
    sum += buffer[i];
  pthread_join(thread, NULL);
  return sum == 28 ? 0 : 1;
}
