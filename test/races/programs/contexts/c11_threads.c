// thrd_create twice with one counter.
// tsan: unrun
// tsan-why: ThreadSanitizer does not know thrd_create of this C library
#include <threads.h>

static int count;

static int work(void *unused) {
  (void)unused;
  count++; // RACE(count)
  return 0;
}

int main(void) {
  thrd_t a, b;
  thrd_create(&a, work, NULL);
  thrd_create(&b, work, NULL);
  thrd_join(a, NULL);
  thrd_join(b, NULL);
  return count > 2;
}
