// std::move only casts, but the constructor that takes it empties the vector.
#include <thread>
#include <utility>
#include <vector>

static std::vector<int> values = {1, 2, 3};

int main() {
  std::thread thread([] {
    std::vector<int> mine = std::move(values); // RACE(values)
  });
  bool empty = values.empty(); // RACE(values)
  thread.join();
  return empty && !values.empty();
}
