// The chunks are added into one captured variable.
#include <thread>
#include <vector>

static long parallel_sum(const std::vector<int> &values, unsigned parts) {
  long sum = 0;
  std::vector<std::thread> threads;
  const std::size_t chunk = values.size() / parts;
  for (unsigned part = 0; part < parts; ++part)
    threads.emplace_back([&, part] {
      for (std::size_t i = part * chunk; i < (part + 1) * chunk; ++i)
        sum += values[i]; // RACE(sum)
    });
  for (auto &thread : threads)
    thread.join();
  return sum;
}

int main() { return parallel_sum(std::vector<int>(100, 2), 4) > 200; }
