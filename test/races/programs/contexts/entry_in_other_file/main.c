// The entry function is in another file, and so is the variable: it races with main's own access.
#include "entry.h"

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, entry, NULL);
  requests++; // RACE(requests)
  pthread_join(thread, NULL);
  return requests > 2;
}
