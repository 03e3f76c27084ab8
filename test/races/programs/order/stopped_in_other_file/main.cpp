// The thread is started and joined in another file; main counts only after stop(): no race.
#include "beat.h"

int main() {
  beats = 10;
  Beat beat;
  beat.start();
  beat.stop();
  beats++;
  return beats == 14 ? 0 : 1;
}
