// Every handle of the vector is joined by a range-for: no race with the sum afterwards; the threads write their own slot.
#include <thread>
#include <vector>

int main() {
  std::vector<int> part(4);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&part, i] { part[i] = i; });
  for (auto &thread : threads)
    thread.join();
  int sum = 0;
  for (int value : part)
    sum += value;
  return sum == 6 ? 0 : 1;
}
