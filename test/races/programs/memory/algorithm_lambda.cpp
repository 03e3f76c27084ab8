// The lambda given to for_each runs in the thread of the caller, and adds to what main reads.
#include <algorithm>
#include <thread>
#include <vector>

int main() {
  const std::vector<int> values = {1, 2, 3};
  int sum = 0;
  std::thread thread([&] {
    std::for_each(values.begin(), values.end(), [&sum](int value) {
      sum += value; // RACE(sum)
    });
  });
  int seen = sum; // RACE(sum)
  thread.join();
  return seen > 6;
}
