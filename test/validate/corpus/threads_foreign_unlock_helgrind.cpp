// Helgrind sees that too.
// builds: clang-O0
// flags: -gdwarf-4
// evidence: helgrind
#include <pthread.h>
#include <thread>

static pthread_mutex_t signal = PTHREAD_MUTEX_INITIALIZER;

static void done() { pthread_mutex_unlock(&signal); } // unpredicted: foreign-unlock

int main() {
  pthread_mutex_lock(&signal);
  std::thread(done).join();
}
