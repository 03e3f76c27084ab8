// Copying the whole struct reads the field that the thread writes.
#include <pthread.h>
#include <stddef.h>

struct point {
  int x, y;
};

static struct point cursor;

static void *move(void *unused) {
  cursor.y = 4; // RACE(cursor)
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, move, NULL);
  struct point seen = cursor; // RACE(cursor)
  pthread_join(thread, NULL);
  return seen.y > 4;
}
