// memcpy only reads its source: two threads copy from one buffer into their own. No race.
#include <pthread.h>
#include <string.h>

static char text[16] = "fifteen letters";

struct copy {
  char bytes[16];
};

static void *take(void *into) {
  memcpy(((struct copy *)into)->bytes, text, sizeof text);
  return NULL;
}

int main(void) {
  pthread_t a, b;
  struct copy one, two;
  pthread_create(&a, NULL, take, &one);
  pthread_create(&b, NULL, take, &two);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return memcmp(&one, &two, sizeof one) != 0;
}
