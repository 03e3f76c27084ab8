// A mutex is used to signal: one thread locks it and another one unlocks it, which only a semaphore may do.
// builds: clang-O0
#include <pthread.h>
#include <thread>

static pthread_mutex_t signal = PTHREAD_MUTEX_INITIALIZER;

static void done() { pthread_mutex_unlock(&signal); } // unpredicted: foreign-unlock

int main() {
  pthread_mutex_lock(&signal);
  std::thread(done).join();
  pthread_mutex_lock(&signal);
  pthread_mutex_unlock(&signal);
}
