// The same count, but relaxed: the last one may read parts that it does not see.
#include <atomic>
#include <thread>

static int part[2];
static int sum;
static std::atomic<int> left{2};

static void work(int me) {
  part[me] = me + 1; // RACE(part)
  if (left.fetch_sub(1, std::memory_order_relaxed) == 1)
    sum = part[0] + part[1]; // RACE(part)
}

int main() {
  std::thread a(work, 0), b(work, 1);
  a.join();
  b.join();
  return sum > 3;
}
