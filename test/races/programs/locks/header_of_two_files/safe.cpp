// A part of the program in this folder: its main file tells the idea.
#include "counter.h"

Counter counter;

void count_safely() {
  std::lock_guard<std::mutex> lock(counter.mutex);
  counter.value++; // RACE(value)
}
