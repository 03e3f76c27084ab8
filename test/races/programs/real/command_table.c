// A table of commands; the worker calls the one whose name came in, and main calls another one on the same counter.
#include <pthread.h>
#include <string.h>

static int opened, closed;

static void do_open(void) {
  opened++; // RACE(opened)
}
static void do_close(void) { closed++; }

static const struct command {
  const char *name;
  void (*run)(void);
} commands[] = {{"open", do_open}, {"close", do_close}};

static void dispatch(const char *name) {
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
    if (strcmp(commands[i].name, name) == 0)
      commands[i].run();
}

static void *worker(void *name) {
  dispatch(name);
  return NULL;
}

int main(void) {
  pthread_t thread;
  char name[] = "open";
  pthread_create(&thread, NULL, worker, name);
  opened = 0; // RACE(opened)
  pthread_join(thread, NULL);
  return opened + closed > 2;
}
