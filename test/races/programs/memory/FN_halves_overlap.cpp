// The ranges overlap by one: `<=` makes the first thread write the second one's first element.
#include <thread>

static int values[100];

static void fill(int from, int to) {
  for (int i = from; i <= to; ++i)
    values[i] = i; // RACE(values)
}

int main() {
  std::thread low(fill, 0, 50), high(fill, 50, 99);
  low.join();
  high.join();
  return values[99] > 99;
}
