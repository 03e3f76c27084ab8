// The thread is started in another file; main counts between start() and stop().
#include "beat.h"

int main() {
  Beat beat;
  beat.start();
  beats++; // RACE(beats)
  beat.stop();
  beats++;
  return 0;
}
