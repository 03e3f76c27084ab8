// std::move without anyone who takes it moves nothing: both threads only read. No race.
#include <thread>
#include <utility>
#include <vector>

static std::vector<int> values = {1, 2, 3};

static std::size_t measure(const std::vector<int> &&from) { return from.size(); }

int main() {
  std::size_t a = 0;
  std::thread thread([&a] { a = measure(std::move(values)); });
  std::size_t b = values.size();
  thread.join();
  return a == b ? 0 : 1;
}
