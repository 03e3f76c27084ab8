// localtime returns its hidden static, which both threads fill and read.
// tsan: unrun
// tsan-why: whether the fills in the C library are seen depends on the interceptors of the sanitizer's version
#include <pthread.h>
#include <time.h>

static void *year(void *into) {
  time_t now = time(NULL);
  *(int *)into = localtime(&now)->tm_year; // RACE(localtime)
  return NULL;
}

int main(void) {
  pthread_t a, b;
  int one = 0, two = 0;
  pthread_create(&a, NULL, year, &one);
  pthread_create(&b, NULL, year, &two);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return one < 0 || two < 0;
}
