// The child ends without joining its own child: that main joins the child says nothing of the grandchild.
#include <pthread.h>
#include <time.h>

static int leaves;

static void *grandchild(void *unused) {
  leaves += 1; // RACE(leaves)
  return unused;
}

static void *child(void *unused) {
  pthread_t below;
  pthread_create(&below, NULL, grandchild, NULL);
  pthread_detach(below);
  return unused;
}

int main(void) {
  struct timespec pause = {0, 50000000};
  pthread_t thread;
  pthread_create(&thread, NULL, child, NULL);
  pthread_join(thread, NULL);
  nanosleep(&pause, NULL);
  leaves += 100;       // RACE(leaves)
  return leaves > 200; // RACE(leaves)
}
