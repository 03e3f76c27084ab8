/* A seed for mutants of C: what C has and C++ has not, around threads and locks. It is no example of anything. */
#include <pthread.h>
#include <stdlib.h>

typedef int (*handler)(void *, int);
struct job {
  handler run;
  void *argument;
  struct job *next;
  union {
    long id;
    char name[8];
  };
  unsigned urgent : 1, done : 1;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static struct job *first, **last = &first;
static _Atomic int left;
static _Thread_local int mine;

static void unlock(pthread_mutex_t **held) { pthread_mutex_unlock(*held); }
#define LOCKED(m) __attribute__((cleanup(unlock))) pthread_mutex_t *held = (pthread_mutex_lock(m), m)

static int add(void *to, int by) { return *(int *)to += by; }
static handler table[] = {[0] = add, [2] = 0};

static void push(struct job given) {
  struct job *job = malloc(sizeof *job);
  *job = given;
  LOCKED(&mutex);
  *last = job, last = &job->next;
  pthread_cond_signal(&filled);
}

static void *work(void *count) {
  int todo = *(int *)count, made[todo + 1];
  for (struct job *job; todo > 0; todo--) {
    pthread_mutex_lock(&mutex);
    while (!first) pthread_cond_wait(&filled, &mutex);
    job = first;
    if (!(first = job->next)) last = &first;
    pthread_mutex_unlock(&mutex);
    made[todo] = job->run ? job->run(job->argument, job->urgent ? 2 : 1) : _Generic(job->id, long: 1, default: 2);
    switch (made[todo] & 3) {
    case 0: continue;
    case 1: goto next;
    default: mine += ({ int twice = made[todo]; twice * 2; });
    }
  next:
    free(job);
    left--;
  }
  return (void *)(long)mine;
}

int main(int argc, char **argv) {
  static void *where[] = {&&go, &&end};
  int total = 0, count = argc;
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, &count)) abort();
  goto *where[argc > 9];
go:
  push((struct job){.run = table[0], .argument = &total, .id = 7});
  push((struct job){table[argc % 3], argv, .urgent = 1});
  pthread_join(thread, 0);
end:
  return __builtin_expect(total, 1) ? total : left;
}
