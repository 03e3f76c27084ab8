// The function returns a pointer to its static buffer, which each call fills anew.
#include <pthread.h>

static const char *name_of(int number) {
  static char name[2];
  name[0] = (char)('a' + number); // RACE(name)
  return name;
}

static void *use(void *number) {
  const char *name = name_of(*(int *)number);
  return name[0] == 'z' ? number : NULL; // RACE(name)
}

int main(void) {
  pthread_t a, b;
  int one = 1, two = 2;
  pthread_create(&a, NULL, use, &one);
  pthread_create(&b, NULL, use, &two);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return 0;
}
