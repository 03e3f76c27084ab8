// fetch_sub with acq_rel: the thread that brings the count to zero sees the other's writes, a release sequence. No race.
#include <atomic>
#include <thread>

static int part[2];
static int sum;
static std::atomic<int> left{2};

static void work(int me) {
  part[me] = me + 1;
  if (left.fetch_sub(1, std::memory_order_acq_rel) == 1)
    sum = part[0] + part[1];
}

int main() {
  std::thread a(work, 0), b(work, 1);
  a.join();
  b.join();
  return sum == 3 ? 0 : 1;
}
