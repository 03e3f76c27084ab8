// The thread walks a list while main changes a value in its second node.
#include <pthread.h>
#include <stdlib.h>

struct node {
  int value;
  struct node *next;
};

static void *sum(void *argument) {
  int total = 0;
  for (struct node *at = argument; at != NULL; at = at->next)
    total += at->value; // RACE(value)
  return total > 100 ? argument : NULL;
}

int main(void) {
  pthread_t thread;
  struct node second = {2, NULL}, first = {1, &second};
  pthread_create(&thread, NULL, sum, &first);
  first.next->value = 5; // RACE(value)
  pthread_join(thread, NULL);
  return 0;
}
