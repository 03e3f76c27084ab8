// pthread_spin_lock around every access: no race.
#include <pthread.h>

static pthread_spinlock_t spin;
static int count;

static void *work(void *unused) {
  pthread_spin_lock(&spin);
  count++;
  pthread_spin_unlock(&spin);
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
  pthread_create(&a, NULL, work, NULL);
  pthread_create(&b, NULL, work, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return count == 2 ? 0 : 1;
}
