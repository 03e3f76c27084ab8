// A part of the program in this folder: its main file tells the idea.
#include "counter.h"

void count_fast() {
  counter.value++; // RACE(value)
}
