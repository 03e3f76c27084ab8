// An extern global is written in one file and read in another one.
#include "mode.h"

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, watch, NULL);
  mode = 3; // RACE(mode)
  pthread_join(thread, NULL);
  return mode > 3;
}
