// main ends by pthread_exit: the other thread lives on, but main touches nothing after the creation. No race.
#include <pthread.h>
#include <stdlib.h>

static int value;

static void *work(void *unused) {
  (void)unused;
  value += 1;
  exit(value == 2 ? 0 : 1);
}

int main(void) {
  pthread_t thread;
  value = 1;
  pthread_create(&thread, NULL, work, NULL);
  pthread_exit(NULL);
}
