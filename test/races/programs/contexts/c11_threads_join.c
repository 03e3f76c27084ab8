// The thread of thrd_create is joined before main reads: no race.
// tsan: unrun
// tsan-why: ThreadSanitizer does not know thrd_create of this C library
#include <threads.h>

static int result;

static int work(void *number) {
  result = *(int *)number + 1;
  return 0;
}

int main(void) {
  thrd_t thread;
  int number = 4;
  if (thrd_create(&thread, work, &number) != thrd_success)
    return 1;
  thrd_join(thread, NULL);
  return result == 5 ? 0 : 1;
}
