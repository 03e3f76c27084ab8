// The thread's result comes through pthread_join; it was made in another file, and is main's alone afterwards: no race.
#include "worker.h"
#include <stdlib.h>

int main(void) {
  pthread_t thread;
  void *made;
  if (pthread_create(&thread, NULL, make_result, NULL) != 0)
    return 1;
  pthread_join(thread, &made);
  struct result *result = made;
  result->count++;
  int count = result->count;
  free(result);
  return count == 8 ? 0 : 1;
}
