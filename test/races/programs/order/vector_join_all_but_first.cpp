// The join loop begins at 1: the first thread may still write when the sum is read.
#include <thread>
#include <vector>

int main() {
  std::vector<int> part(4);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 4; ++i)
    threads.emplace_back([&part, i] {
      part[i] = 1; // RACE(part)
    });
  for (std::size_t i = 1; i < 4; ++i)
    threads[i].join();
  int sum = part[0]; // RACE(part)
  threads[0].join();
  return sum > 4;
}
