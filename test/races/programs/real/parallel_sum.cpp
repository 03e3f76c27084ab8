// The range is cut into chunks, each thread adds into its own slot, and the slots are added after the joins: no race.
#include <numeric>
#include <thread>
#include <vector>

static long parallel_sum(const std::vector<int> &values, unsigned parts) {
  std::vector<long> slot(parts);
  std::vector<std::thread> threads;
  const std::size_t chunk = values.size() / parts;
  for (unsigned part = 0; part < parts; ++part)
    threads.emplace_back([&, part] {
      auto from = values.begin() + static_cast<long>(part * chunk);
      slot[part] = std::accumulate(from, from + static_cast<long>(chunk), 0L);
    });
  for (auto &thread : threads)
    thread.join();
  return std::accumulate(slot.begin(), slot.end(), 0L);
}

int main() { return parallel_sum(std::vector<int>(100, 2), 4) == 200 ? 0 : 1; }
