// strtok_r keeps its place in the caller's variable, and each thread has its own text: no race.
#include <pthread.h>
#include <string.h>

static void *words(void *text) {
  int count = 0;
  char *place = NULL;
  for (char *word = strtok_r(text, " ", &place); word != NULL; word = strtok_r(NULL, " ", &place))
    count++;
  return count > 100 ? text : NULL;
}

int main(void) {
  pthread_t a, b;
  char one[] = "a b c", two[] = "d e f";
  pthread_create(&a, NULL, words, one);
  pthread_create(&b, NULL, words, two);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return 0;
}
