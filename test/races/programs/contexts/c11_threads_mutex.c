// thrd_create with an mtx_t around the counter: no race.
// tsan: unrun
// tsan-why: ThreadSanitizer does not know thrd_create of this C library
#include <threads.h>

static mtx_t lock;
static int count;

static int work(void *unused) {
  (void)unused;
  mtx_lock(&lock);
  count++;
  mtx_unlock(&lock);
  return 0;
}

int main(void) {
  thrd_t a, b;
  mtx_init(&lock, mtx_plain);
  thrd_create(&a, work, NULL);
  thrd_create(&b, work, NULL);
  thrd_join(a, NULL);
  thrd_join(b, NULL);
  return count == 2 ? 0 : 1;
}
