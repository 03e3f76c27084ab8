// volatile sig_atomic_t is for handlers; between threads it is a plain variable.
#include <csignal>
#include <thread>

static volatile std::sig_atomic_t stop;

int main() {
  std::thread thread([] {
    stop = 1; // RACE(stop)
  });
  bool seen = stop != 0; // RACE(stop)
  thread.join();
  return seen && stop == 0;
}
