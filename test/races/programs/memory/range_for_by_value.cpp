// The range-for's variable is a copy, and main reads too: no race.
#include <array>
#include <thread>

int main() {
  std::array<int, 3> values = {1, 2, 3};
  int product = 1;
  std::thread thread([&values, &product] {
    for (int value : values) {
      value *= 2;
      product *= value;
    }
  });
  int seen = values[1];
  thread.join();
  return seen == 2 && product == 48 ? 0 : 1;
}
