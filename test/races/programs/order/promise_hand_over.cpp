// What is written before set_value is seen after get: no race.
#include <future>
#include <thread>
#include <vector>

static std::vector<int> table;

int main() {
  std::promise<void> ready;
  auto wait = ready.get_future();
  std::thread filler([&ready] {
    table.assign(10, 4);
    ready.set_value();
  });
  wait.get();
  int sum = 0;
  for (int value : table)
    sum += value;
  filler.join();
  return sum == 40 ? 0 : 1;
}
