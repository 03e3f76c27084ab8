// A global's constructor starts a thread, but what the thread reads was initialised above it: no race.
#include <cstdlib>
#include <thread>

static int earlier = std::atoi("42");

struct Starter {
  int seen = 0;
  std::thread thread{[this] { seen = earlier; }};
  ~Starter() { thread.join(); }
};

static Starter starter;

int main() { return earlier == 42 ? 0 : 1; }
