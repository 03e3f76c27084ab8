// start() creates one thread, but it is called twice before anything is joined.
#include <thread>
#include <vector>

static std::vector<std::thread> all;
static int count;

static void start() {
  all.emplace_back([] {
    ++count; // RACE(count)
  });
}

static void start_first() { start(); }
static void start_second() { start(); }

int main() {
  start_first();
  start_second();
  for (auto &thread : all)
    thread.join();
  return count > 2;
}
