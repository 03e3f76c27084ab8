// A pointer that is chosen by a condition points to the shared variable on one of the paths.
#include <pthread.h>

static int shared;

static void *work(void *argument) {
  int mine = 0;
  int *target = *(int *)argument ? &shared : &mine;
  *target += 1; // RACE(shared)
  return NULL;
}

int main(void) {
  pthread_t thread;
  int yes = 1;
  pthread_create(&thread, NULL, work, &yes);
  shared = 3; // RACE(shared)
  pthread_join(thread, NULL);
  return shared > 4;
}
