// A const table, and pointers to its rows: read by all, written by none. No race.
#include <pthread.h>

struct row {
  int key;
  const char *name;
};

static const struct row rows[] = {{1, "one"}, {2, "two"}};

static void *find(void *key) {
  for (const struct row *at = rows; at < rows + 2; at++)
    if (at->key == *(int *)key)
      return (void *)at;
  return NULL;
}

int main(void) {
  pthread_t thread;
  int key = 2;
  void *found;
  pthread_create(&thread, NULL, find, &key);
  const struct row *here = find(&key);
  pthread_join(thread, &found);
  return found == here ? 0 : 1;
}
