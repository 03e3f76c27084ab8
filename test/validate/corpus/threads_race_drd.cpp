// Two threads count without a lock; DRD sees the store at its line, and the load at the loop's, where
// Valgrind believes the block of instructions to be.
// builds: clang-O0
// flags: -gdwarf-4
// evidence: drd
#include <pthread.h>

static int counter;
static void *count(void *) {
  for (int i = 0; i < 100; ++i) // unpredicted: data-race
    ++counter; // unpredicted: data-race
  return nullptr;
}

int main() {
  pthread_t one, two;
  pthread_create(&one, nullptr, count, nullptr);
  pthread_create(&two, nullptr, count, nullptr);
  pthread_join(one, nullptr);
  pthread_join(two, nullptr);
}
