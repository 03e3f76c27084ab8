// Atomics in an array, in a vector that keeps its size and behind a unique_ptr: no race.
#include <array>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

static std::array<std::atomic<int>, 2> pair;
static std::vector<std::atomic<int>> row(2);
static auto one = std::make_unique<std::atomic<int>>(0);

static void add() {
  pair[1]++;
  row[0] += 2;
  one->fetch_add(3);
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return pair[1] + row[0] + *one == 12 ? 0 : 1;
}
