// POSIX semaphore as a signal in both directions: request, answer. No race.
#include <pthread.h>
#include <semaphore.h>

static sem_t asked, answered;
static int question, answer;

static void *server(void *unused) {
  sem_wait(&asked);
  answer = question + 1;
  sem_post(&answered);
  return unused;
}

int main(void) {
  pthread_t thread;
  sem_init(&asked, 0, 0);
  sem_init(&answered, 0, 0);
  pthread_create(&thread, NULL, server, NULL);
  question = 4;
  sem_post(&asked);
  sem_wait(&answered);
  question = answer;
  pthread_join(thread, NULL);
  return question == 5 ? 0 : 1;
}
