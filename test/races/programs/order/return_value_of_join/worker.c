// A part of the program in this folder: its main file tells the idea.
#include "worker.h"
#include <stdlib.h>

void *make_result(void *unused) {
  (void)unused;
  struct result *result = malloc(sizeof *result);
  result->count = 7;
  return result;
}
