// Assigning the whole pair writes the member that the thread reads.
#include <thread>
#include <utility>

int main() {
  std::pair<int, int> range(1, 2);
  int seen = 0;
  std::thread thread([&range, &seen] {
    seen = range.second; // RACE(range)
  });
  range = std::make_pair(3, 4); // RACE(range)
  thread.join();
  return seen > 4;
}
