// Two readers wait for one shared_future and read the vector that was filled before it: no race.
#include <future>
#include <thread>
#include <vector>

static std::vector<int> rows;

int main() {
  std::promise<void> loaded;
  std::shared_future<void> ready = loaded.get_future().share();
  int a = 0, b = 0;
  std::thread first([&a, ready] {
    ready.wait();
    a = rows[0];
  });
  std::thread second([&b, ready] {
    ready.get();
    b = rows[1];
  });
  rows = {5, 6};
  loaded.set_value();
  first.join();
  second.join();
  return a + b == 11 ? 0 : 1;
}
