// The client changes the question after it has posted the request: the server may be reading it.
#include <pthread.h>
#include <semaphore.h>

static sem_t asked, answered;
static int question, answer;

static void *server(void *unused) {
  sem_wait(&asked);
  answer = question + 1; // RACE(question)
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
  question = 0; // RACE(question)
  sem_wait(&answered);
  pthread_join(thread, NULL);
  return answer < 0;
}
