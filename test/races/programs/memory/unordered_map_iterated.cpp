// main walks the hash table while the thread inserts.
#include <thread>
#include <unordered_map>

int main() {
  std::unordered_map<int, int> counts = {{1, 1}};
  std::thread thread([&counts] {
    counts[77] = 5; // RACE(counts)
  });
  int sum = 0;
  for (const auto &entry : counts) // RACE(counts)
    sum += entry.first; // RACE(counts)
  thread.join();
  return sum < 0;
}
