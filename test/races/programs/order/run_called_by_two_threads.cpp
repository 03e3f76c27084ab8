// run() joins its own thread, but it is called by two threads at once.
#include <thread>

static int total;

static void run(int n) {
  std::thread worker([n] {
    total += n; // RACE(total)
  });
  worker.join();
}

int main() {
  std::thread other(run, 1);
  run(2);
  other.join();
  return total > 3;
}
