// Three parties arrive_and_wait: what each wrote before is seen by all after. No race.
#include <latch>
#include <thread>

static int x, y;

int main() {
  std::latch all(3);
  int a = 0, b = 0;
  std::jthread first([&] {
    x = 1;
    all.arrive_and_wait();
    a = y;
  });
  std::jthread second([&] {
    y = 2;
    all.arrive_and_wait();
    b = x;
  });
  all.arrive_and_wait();
  int sum = x + y;
  first.join();
  second.join();
  return sum == a + b ? 0 : 1;
}
