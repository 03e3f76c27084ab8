// The tag beside the union is a location of its own, and only the union is written here: no race.
#include <pthread.h>
#include <stddef.h>

struct token {
  int tag;
  union {
    int number;
    const char *text;
  };
};

static struct token token = {7, {0}};

static void *work(void *unused) {
  token.number = 5;
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  int tag = token.tag;
  pthread_join(thread, NULL);
  return tag == 7 ? 0 : 1;
}
