// The threads exist already, but wait at the latch until main has filled the table; then they only read: no race.
#include <latch>
#include <thread>

static int table[4];

int main() {
  std::latch filled(1);
  int a = 0, b = 0;
  std::thread first([&] {
    filled.wait();
    a = table[0] + table[1];
  });
  std::thread second([&] {
    filled.wait();
    b = table[2] + table[3];
  });
  for (int i = 0; i < 4; ++i)
    table[i] = i;
  filled.count_down();
  first.join();
  second.join();
  return a + b == 6 ? 0 : 1;
}
