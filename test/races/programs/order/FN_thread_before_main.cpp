// A global's constructor starts a thread; a global that is initialised after it is written while the thread reads it.
#include <cstdlib>
#include <thread>

extern int later;

struct Starter {
  int seen = 0;
  std::thread thread{[this] {
    seen = later; // RACE(later)
  }};
  ~Starter() { thread.join(); }
};

static Starter starter;
int later = std::atoi("42"); // RACE(later)

int main() { return 0; }
