// The same with the lock in all functions, one of which locks through a helper: no race.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int users;

void user_came(void);
int users_now(void);
void users_forget(void);

static void enter(void) { pthread_mutex_lock(&lock); }
static void leave(void) { pthread_mutex_unlock(&lock); }

void user_came(void) {
  pthread_mutex_lock(&lock);
  users++;
  pthread_mutex_unlock(&lock);
}

int users_now(void) {
  enter();
  int now = users;
  leave();
  return now;
}

void users_forget(void) {
  enter();
  users = 0;
  leave();
}
