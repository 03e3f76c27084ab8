// Adjacent bit-fields are one memory location: writing one rewrites the other.
#include <thread>

struct Flags {
  unsigned ready : 1;
  unsigned done : 1;
};

static Flags flags;

int main() {
  std::thread a([] {
    flags.ready = 1; // RACE(flags)
  });
  std::thread b([] {
    flags.done = 1; // RACE(flags)
  });
  a.join();
  b.join();
  return flags.ready + flags.done > 2;
}
