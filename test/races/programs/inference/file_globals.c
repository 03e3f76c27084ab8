// A C file with a static lock and a static table: three functions hold it, the fourth does not.
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int users;

void user_came(void);
void user_left(void);
int users_now(void);
void users_forget(void);

void user_came(void) {
  pthread_mutex_lock(&lock);
  users++; // RACE(users)
  pthread_mutex_unlock(&lock);
}

void user_left(void) {
  pthread_mutex_lock(&lock);
  users--; // RACE(users)
  pthread_mutex_unlock(&lock);
}

int users_now(void) {
  pthread_mutex_lock(&lock);
  int now = users; // RACE(users)
  pthread_mutex_unlock(&lock);
  return now;
}

void users_forget(void) {
  users = 0; // RACE(users)
}
