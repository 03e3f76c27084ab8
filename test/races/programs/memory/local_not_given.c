// The thread's function has a local of the same name; main's local is never given away. No race.
#include <pthread.h>

static void *work(void *argument) {
  int local = *(int *)argument;
  local += 1;
  return local > 5 ? argument : NULL;
}

int main(void) {
  pthread_t thread;
  int local = 0, given = 2;
  pthread_create(&thread, NULL, work, &given);
  local += given;
  pthread_join(thread, NULL);
  return local == 2 ? 0 : 1;
}
