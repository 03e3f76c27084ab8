// strtok keeps its place in a hidden static: two threads, two texts, one place.
// tsan: silent
// tsan-why: the hidden static lies in the C library, which is not instrumented
#include <pthread.h>
#include <string.h>

static void *words(void *text) {
  int count = 0;
  for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " ")) // RACE(strtok)
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
