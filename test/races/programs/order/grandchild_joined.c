// The child joins its own child before it ends, and main joins the child: everything has ended, no race.
#include <pthread.h>

static int leaves;

static void *grandchild(void *unused) {
  leaves += 1;
  return unused;
}

static void *child(void *unused) {
  pthread_t below;
  pthread_create(&below, NULL, grandchild, NULL);
  pthread_join(below, NULL);
  leaves += 10;
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, child, NULL);
  pthread_join(thread, NULL);
  leaves += 100;
  return leaves == 111 ? 0 : 1;
}
