// A part of the program in this folder: its main file tells the idea.
#include "state.h"

void State::clear() {
  level_ = 0; // RACE(level)
}
