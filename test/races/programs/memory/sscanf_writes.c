// sscanf writes through its pointer arguments.
#include <pthread.h>
#include <stdio.h>

static int width;

static void *parse(void *text) {
  sscanf(text, "w=%d", &width); // RACE(width)
  return NULL;
}

int main(void) {
  pthread_t thread;
  char text[] = "w=40";
  pthread_create(&thread, NULL, parse, text);
  int seen = width; // RACE(width)
  pthread_join(thread, NULL);
  return seen > 40;
}
