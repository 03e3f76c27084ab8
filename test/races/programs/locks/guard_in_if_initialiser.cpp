// The guard in the if's initialiser lives to the end of both branches: no race.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int count, zeros;

static void add(int n) {
  if (std::lock_guard<std::mutex> lock(mutex); n != 0)
    count += n;
  else
    ++zeros;
}

int main() {
  std::thread a(add, 0), b(add, 0), c(add, 2);
  a.join();
  b.join();
  c.join();
  return count == 2 && zeros == 2 ? 0 : 1;
}
