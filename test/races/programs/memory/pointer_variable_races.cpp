// It is the pointer itself that races: main turns it elsewhere while the thread reads it.
#include <thread>

static int first = 1, second = 2;
static int *current = &first;

int main() {
  int seen = 0;
  std::thread thread([&seen] {
    seen = *current; // RACE(current)
  });
  current = &second; // RACE(current)
  thread.join();
  return seen > 2;
}
