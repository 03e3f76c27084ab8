// The thread walks the list while main hooks a new node onto its end: it is the link that races, and the new node with it.
#include <pthread.h>

struct node {
  int value;
  struct node *next;
};

static struct node third, second = {2, NULL}, first = {1, &second};

static void *count(void *unused) {
  int total = 0;
  for (struct node *at = &first; at != NULL; at = at->next) // RACE(next)
    total++;
  return total > 100 ? unused : NULL;
}

int main(void) {
  pthread_t thread;
  third.value = 3;
  pthread_create(&thread, NULL, count, NULL);
  second.next = &third; // RACE(next)
  pthread_join(thread, NULL);
  return 0;
}
