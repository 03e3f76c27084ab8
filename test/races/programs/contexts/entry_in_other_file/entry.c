// A part of the program in this folder: its main file tells the idea.
#include "entry.h"

int requests;

static void count(void) {
  requests++; // RACE(requests)
}

void *entry(void *unused) {
  count();
  return unused;
}
