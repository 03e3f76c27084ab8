// The function that would race is handed to no thread; it is called by main itself. No race.
#include <thread>

static int count, beats;

static void work() { ++count; }
static void beat() { ++beats; }

int main() {
  void (*run)() = beat;
  std::thread thread(run);
  work();
  ++count;
  thread.join();
  return count + beats == 3 ? 0 : 1;
}
