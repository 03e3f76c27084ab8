// One thread fills [0, 50), the other one [50, 100): no race.
#include <thread>

static int values[100];

static void fill(int from, int to) {
  for (int i = from; i < to; ++i)
    values[i] = i;
}

int main() {
  std::thread low(fill, 0, 50), high(fill, 50, 100);
  low.join();
  high.join();
  return values[99] == 99 ? 0 : 1;
}
