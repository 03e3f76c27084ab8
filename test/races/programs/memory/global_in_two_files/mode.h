// A part of the program in this folder: its main file tells the idea.
#include <pthread.h>

extern int mode;
void *watch(void *unused);
