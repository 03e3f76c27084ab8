// Each thread gets the address of its own element, filled before it is created: no race.
#include <pthread.h>

struct job {
  int number, result;
};

static void *work(void *argument) {
  struct job *job = argument;
  job->result = job->number * 2;
  return NULL;
}

int main(void) {
  pthread_t threads[3];
  struct job jobs[3];
  int sum = 0;
  for (int i = 0; i < 3; i++) {
    jobs[i].number = i;
    pthread_create(&threads[i], NULL, work, &jobs[i]);
  }
  for (int i = 0; i < 3; i++) {
    pthread_join(threads[i], NULL);
    sum += jobs[i].result;
  }
  return sum == 6 ? 0 : 1;
}
