// A handler that runs by raise() is sequenced inside that call: no race, even with a plain int.
#include <csignal>

static int calls;

static void on_signal(int) { calls = calls + 1; }

int main() {
  std::signal(SIGUSR1, on_signal);
  calls = 10;
  std::raise(SIGUSR1);
  return calls == 11 ? 0 : 1;
}
