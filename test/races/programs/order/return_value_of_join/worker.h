// A part of the program in this folder: its main file tells the idea.
#include <pthread.h>

struct result {
  int count;
};

void *make_result(void *unused);
