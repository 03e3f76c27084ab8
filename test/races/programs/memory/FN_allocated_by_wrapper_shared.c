// One block from the wrapper goes to both threads.
#include <pthread.h>
#include <stdlib.h>

struct buffer {
  int used;
};

static struct buffer *make(void) {
  struct buffer *made = calloc(1, sizeof *made);
  if (made == NULL)
    abort();
  return made;
}

static void *fill(void *argument) {
  ((struct buffer *)argument)->used++; // RACE(used)
  return NULL;
}

int main(void) {
  pthread_t a, b;
  struct buffer *one = make(), *two = make();
  pthread_create(&a, NULL, fill, one);
  pthread_create(&b, NULL, fill, one);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  int wrong = one->used + two->used > 2;
  free(one);
  free(two);
  return wrong;
}
