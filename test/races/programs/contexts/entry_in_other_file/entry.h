// A part of the program in this folder: its main file tells the idea.
#include <pthread.h>

extern int requests;
void *entry(void *unused);
