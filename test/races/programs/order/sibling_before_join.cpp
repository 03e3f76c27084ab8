// The second thread starts before the first is joined, though both are joined before main reads.
#include <thread>

static int stage;

static void load() {
  stage += 1; // RACE(stage)
}
static void run() {
  stage *= 10; // RACE(stage)
}

int main() {
  std::thread loader(load);
  std::thread runner(run);
  loader.join();
  runner.join();
  return stage > 10;
}
