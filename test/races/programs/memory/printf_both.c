// Both threads print to one FILE: the stream locks itself. No race.
#include <pthread.h>
#include <stdio.h>

static void *say(void *name) {
  printf("hello from %s\n", (const char *)name);
  fputs("again\n", stdout);
  return NULL;
}

int main(void) {
  pthread_t thread;
  char name[] = "thread";
  pthread_create(&thread, NULL, say, name);
  say("main");
  pthread_join(thread, NULL);
  return 0;
}
