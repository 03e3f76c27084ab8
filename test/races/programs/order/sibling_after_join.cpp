// The second thread starts when the first is joined: no race between them.
#include <thread>

static int stage;

static void load() { stage += 1; }
static void run() { stage *= 10; }

int main() {
  std::thread loader(load);
  loader.join();
  std::thread runner(run);
  runner.join();
  return stage == 10 ? 0 : 1;
}
