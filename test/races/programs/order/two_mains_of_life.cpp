// run() starts and joins its own thread; it is called twice one after the other: no race between the two lives.
#include <thread>

static int total;

static void run(int n) {
  std::thread worker([n] { total += n; });
  worker.join();
}

int main() {
  run(1);
  run(2);
  return total == 3 ? 0 : 1;
}
