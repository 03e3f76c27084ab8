// std::fill on the first and on the second half: no race.
#include <algorithm>
#include <thread>
#include <vector>

int main() {
  std::vector<int> values(100);
  auto middle = values.begin() + 50;
  std::thread thread([&values, middle] { std::fill(values.begin(), middle, 1); });
  std::fill(middle, values.end(), 2);
  thread.join();
  return values[0] + values[99] == 3 ? 0 : 1;
}
