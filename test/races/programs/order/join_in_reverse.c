// The handles are joined from the last to the first; all the same, each one is: no race.
#include <pthread.h>

enum { COUNT = 3 };

static int hits[COUNT];

static void *hit(void *where) {
  int *mine = where;
  *mine += 1;
  return NULL;
}

int main(void) {
  pthread_t pool[COUNT];
  for (int i = 0; i < COUNT; i++)
    pthread_create(&pool[i], NULL, hit, &hits[i]);
  for (int i = COUNT - 1; i >= 0; i--)
    pthread_join(pool[i], NULL);
  return hits[0] + hits[1] + hits[2] == COUNT ? 0 : 1;
}
