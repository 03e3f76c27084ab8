// strtok is used by one thread only, the other one does not call it: no race.
#include <pthread.h>
#include <string.h>

static void *words(void *text) {
  int count = 0;
  for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
    count++;
  return count > 100 ? text : NULL;
}

int main(void) {
  pthread_t thread;
  char one[] = "a b c", two[] = "d e f";
  pthread_create(&thread, NULL, words, one);
  size_t length = strlen(two);
  pthread_join(thread, NULL);
  return length == 5 ? 0 : 1;
}
