// localtime_r fills a struct of the caller: no race.
#include <pthread.h>
#include <time.h>

static void *year(void *into) {
  time_t now = time(NULL);
  struct tm broken;
  localtime_r(&now, &broken);
  *(int *)into = broken.tm_year;
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
