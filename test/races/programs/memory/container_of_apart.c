// From two members back to their two enclosing structs: two objects, no race.
#include <pthread.h>
#include <stddef.h>

struct link {
  struct link *next;
};

struct task {
  int runs;
  struct link link;
};

static void *run(void *argument) {
  struct task *task = (struct task *)((char *)argument - offsetof(struct task, link));
  task->runs++;
  return NULL;
}

int main(void) {
  pthread_t a, b;
  struct task one = {0, {NULL}}, two = {0, {NULL}};
  pthread_create(&a, NULL, run, &one.link);
  pthread_create(&b, NULL, run, &two.link);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return one.runs + two.runs == 2 ? 0 : 1;
}
