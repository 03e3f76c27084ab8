// A part of the program in this folder: its main file tells the idea.
#include "mode.h"

int mode;

void *watch(void *unused) {
  return mode == 2 ? unused : NULL; // RACE(mode)
}
