// From the address of a member back to the enclosing struct: the offset leads to the same object.
#include <pthread.h>
#include <stddef.h>

struct link {
  struct link *next;
};

struct task {
  int runs;
  struct link link;
};

static struct task only;
static struct link *queue = &only.link;

static void *run(void *unused) {
  struct task *task = (struct task *)((char *)queue - offsetof(struct task, link));
  task->runs++; // RACE(runs)
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, run, NULL);
  only.runs = 5; // RACE(runs)
  pthread_join(thread, NULL);
  return only.runs > 6;
}
