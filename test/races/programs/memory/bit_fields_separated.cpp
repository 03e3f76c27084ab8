// A bit-field of width zero between them makes two memory locations: no race.
#include <thread>

struct Flags {
  unsigned ready : 1;
  unsigned : 0;
  unsigned done : 1;
};

static Flags flags;

int main() {
  std::thread a([] { flags.ready = 1; });
  std::thread b([] { flags.done = 1; });
  a.join();
  b.join();
  return flags.ready + flags.done == 2 ? 0 : 1;
}
