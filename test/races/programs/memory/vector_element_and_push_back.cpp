// push_back may move the elements, one of which the other thread writes.
#include <thread>
#include <vector>

int main() {
  std::vector<int> values(2);
  std::thread a([&values] {
    values[0] = 1; // RACE(values)
  });
  values.push_back(7); // RACE(values)
  a.join();
  return values.size() > 3;
}
