// The whole struct that is copied is another element of the array: no race.
#include <pthread.h>
#include <stddef.h>

struct point {
  int x, y;
};

static struct point points[2];

static void *move(void *unused) {
  points[0].y = 4;
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, move, NULL);
  struct point seen = points[1];
  pthread_join(thread, NULL);
  return seen.x + seen.y;
}
