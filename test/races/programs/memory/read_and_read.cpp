// Both threads only read, through references and copies: no race.
#include <string>
#include <thread>
#include <vector>

static const std::vector<std::string> names = {"a", "bb", "ccc"};
static int scale = 3;

static std::size_t measure() {
  std::size_t sum = 0;
  for (const auto &name : names)
    sum += name.size() * scale;
  return sum;
}

int main() {
  std::size_t a = 0, b = 0;
  std::thread first([&a] { a = measure(); });
  std::thread second([&b] { b = measure(); });
  first.join();
  second.join();
  return a == b ? 0 : 1;
}
