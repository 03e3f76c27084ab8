// Helgrind reports the inversion as well.
// flags: -gdwarf-4
// evidence: helgrind
#include <pthread.h>
#include <thread>

static pthread_mutex_t accounts = PTHREAD_MUTEX_INITIALIZER, journal = PTHREAD_MUTEX_INITIALIZER;

static void post_entry() {
  pthread_mutex_lock(&accounts);
  pthread_mutex_lock(&journal);
  pthread_mutex_unlock(&journal);
  pthread_mutex_unlock(&accounts);
}
static void replay() {
  pthread_mutex_lock(&journal);
  pthread_mutex_lock(&accounts); // unpredicted: lock-order
  pthread_mutex_unlock(&accounts);
  pthread_mutex_unlock(&journal);
}

int main() {
  std::thread(post_entry).join();
  std::thread(replay).join();
}
