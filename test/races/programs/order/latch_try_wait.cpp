// try_wait only asks whether the count is zero; its answer is not looked at.
#include <latch>
#include <thread>

static int value;

int main() {
  std::latch done(1);
  std::thread worker([&done] {
    value = 6; // RACE(value)
    done.count_down();
  });
  (void)done.try_wait();
  int seen = value; // RACE(value)
  worker.join();
  return seen > 6;
}
