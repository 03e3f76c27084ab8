// std::sort moves the elements that std::accumulate reads.
#include <algorithm>
#include <numeric>
#include <thread>
#include <vector>

int main() {
  std::vector<int> values = {5, 3, 8, 1};
  int sum = 0;
  std::thread thread([&values, &sum] {
    sum = std::accumulate(values.begin(), values.end(), 0); // RACE(values)
  });
  std::sort(values.begin(), values.end()); // RACE(values)
  thread.join();
  return sum < 0;
}
